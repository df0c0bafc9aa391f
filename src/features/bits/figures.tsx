import { currentResult } from '../../state/panes';
import type { StudioState } from '../../state/store';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import type { Figure } from '../../ui/exportFigure';
import { sheetOf } from '../../ui/FigureSheet';
import { type PictureCell, pictureGrid } from '../../ui/PictureGrid';
import { captionOf, resultPlaceText, resultText } from '../figureCaption';
import { type BarContent, BarDrawing } from './BarDrawing';

const CHART = { width: 860, height: 340 };
const MAP_SIDE = 480;

/** What file the room is about. */
function fileTexts(state: StudioState): readonly string[] {
  const result = currentResult(state);
  return result ? [resultPlaceText(state, result), `${resultText(state, result)}.`] : [];
}

/** Bars on paper. */
export function drawBars(
  state: StudioState,
  title: string,
  bars: BarContent,
  texts: readonly string[],
): Figure {
  const drawing = <BarDrawing {...CHART} {...bars} palette={PAPER_PALETTE} />;
  const line = 'Line: share that the bars add up to from the left.';
  return sheetOf({
    title,
    ...CHART,
    drawing,
    caption: captionOf(...fileTexts(state), ...texts, line),
  });
}

interface MapFigure {
  readonly title: string;
  readonly cells: readonly PictureCell[];
  readonly texts: readonly string[];
}

/** A picture of the room on paper. */
export function drawMap(state: StudioState, { title, cells, texts }: MapFigure): Figure {
  if (cells.length === 0) throw new Error('There is no picture to be exported yet.');
  return sheetOf({
    title,
    ...pictureGrid({ cells, side: MAP_SIDE }),
    caption: captionOf(...fileTexts(state), ...texts),
  });
}

/** The frame of a block, in pixels of the image. */
export function blockFrame(block: { readonly x: number; readonly y: number }, side: number) {
  const frame = {
    x: block.x * side,
    y: block.y * side,
    width: side,
    height: side,
    fill: 'none',
    vectorEffect: 'non-scaling-stroke',
  };
  return (
    <>
      <rect {...frame} stroke="#000000" strokeWidth={3.5} />
      <rect {...frame} stroke="#ffffff" strokeWidth={1.5} />
    </>
  );
}
