import type { AttentionShown, ReadAttention } from '../../state/attention';
import type { StudioState } from '../../state/store';
import { shownTable } from '../../ui/ColourBar';
import type { Figure } from '../../ui/exportFigure';
import { sheetOf } from '../../ui/FigureSheet';
import { fixed } from '../../ui/format';
import { type PictureCell, pictureGrid } from '../../ui/PictureGrid';
import { bandScale, canvasCell, canvasOf } from '../canvasCell';
import { bandsText, captionOf } from '../figureCaption';
import { editTexts, readTexts } from './captions';
import { DIFFERENCE_MAP, limitText } from './EditPictures';
import { gateChart } from './GateChart';
import type { BlockValues } from './statistics';

const TITLES: Readonly<Record<AttentionShown, string>> = {
  patch: 'Gates of all SE blocks',
  held: 'Gates of all SE blocks, held patch A',
  difference: 'Gates of all SE blocks, B − A',
  mean: 'Gates of all SE blocks, mean of patches',
  spread: 'Gates of all SE blocks, standard deviation over patches',
};

/** The heat map as it is shown: values, order of channels, range of the colours. */
export function drawGates(
  state: StudioState,
  read: ReadAttention,
  blocks: readonly BlockValues[],
): Figure {
  const { attentionView: view, attentionHeld: held, attentionPopulation: population } = state;
  const { shown, sort, threshold } = view;
  const order = sort === 'index' ? 'by number' : 'from the largest value down';
  const colours = shown === 'difference' ? 'blue below zero, orange above' : 'viridis';
  const gates = shown !== 'difference' && shown !== 'spread';
  const closed = gates ? ` Gates below ${threshold} count as closed.` : '';
  const ofPatches = shown === 'mean' || shown === 'spread';
  const compared = shown === 'difference' || shown === 'held';
  const texts = [
    ...(shown === 'held' ? [] : readTexts(state, read).map((text) => mark(text, compared && 'B'))),
    ...(held && compared ? readTexts(state, held).map((text) => mark(text, 'A')) : []),
    ...(ofPatches ? [`Over ${population?.patches.length ?? 0} patches of the scene.`] : []),
    `Channels ${order}; gates without a unit, in ${colours}.${closed}`,
  ];
  return sheetOf({
    title: TITLES[shown],
    ...gateChart({ blocks, view }),
    caption: captionOf(...texts),
  });
}

const mark = (text: string, name: string | false) => (name ? `${name}: ${text}` : text);

/** The patch before coding, decoded, decoded with edits, and what these change. */
export function drawPictures(state: StudioState, read: ReadAttention, page: ParentNode): Figure {
  const { attentionApplied: applied, cube } = state;
  const units = cube?.info.units;
  const db = (psnr: number | undefined) => (psnr === undefined ? '' : `${fixed(psnr, 2)} dB`);
  const picture = (name: string, title: string, detail: string): readonly PictureCell[] => {
    const canvas = canvasOf(page, `attention-${name}-canvas`);
    return canvasCell(canvas, { title, detail, scale: bandScale(canvas, state, units) });
  };
  const change = applied && {
    table: shownTable(DIFFERENCE_MAP),
    low: '0',
    high: `${limitText(applied.largestDifference)}${units ? ` ${units}` : ''}`,
  };
  const cells = [
    ...picture('original', 'Original', ''),
    ...picture('plain', 'Unedited', db(read.figures.distortion.psnr)),
    ...picture('edited', 'Edited', db(applied?.figures.distortion.psnr)),
    ...canvasCell(canvasOf(page, 'attention-difference-canvas'), {
      title: 'Change',
      detail: 'root mean square over all bands',
      scale: change,
    }),
  ];
  if (cells.length === 0) throw new Error('There is no picture to be exported yet.');
  return sheetOf({
    title: applied ? 'The patch before and after edits' : 'The patch before and after coding',
    ...pictureGrid({ cells, side: 260 }),
    caption: captionOf(...readTexts(state, read), ...editTexts(state), bandsText(state)),
  });
}
