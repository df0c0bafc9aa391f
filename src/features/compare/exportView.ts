import { colourTable } from '../../core/cube/colourMaps';
import { comparedWindow, fitsWindow } from '../../state/canvas';
import { type CodecPane, currentResult } from '../../state/panes';
import type { Result } from '../../state/result';
import type { StudioState } from '../../state/store';
import type { Figure } from '../../ui/exportFigure';
import { sheetOf } from '../../ui/FigureSheet';
import { small } from '../../ui/format';
import { type GridProps, type PictureCell, pictureGrid } from '../../ui/PictureGrid';
import type { ScaleContent } from '../../ui/ScaleBar';
import { bandScale, canvasCell, canvasOf } from '../canvasCell';
import {
  captionOf,
  placeText,
  qualityText,
  resultPlaceText,
  resultText,
  unitOf,
  viewText,
} from '../figureCaption';
import { DIFFERENCE_MAP } from './heat';
import { ORIGINAL_PANE } from './useOriginal';

const SCENE_SIDE = 720;
const CLOSE_UP_SIDE = 220;

/**
 * What the scene or the compare canvas shows, with a caption of its settings: pictures as they
 * stand on the screen, not their zoom. Throws where nothing is shown yet.
 */
export function drawView(state: StudioState, page: ParentNode): Figure {
  return state.stage === 'scene' ? drawScene(state, page) : drawCompare(state, page);
}

function sheet(title: string, grid: GridProps, texts: readonly string[]): Figure {
  if (grid.cells.length === 0) throw new Error('There is no picture to be exported yet.');
  return sheetOf({ title, ...pictureGrid(grid), caption: captionOf(...texts) });
}

function drawScene(state: StudioState, page: ParentNode): Figure {
  const { cube } = state;
  const canvas = canvasOf(page, 'scene-canvas');
  const scale = bandScale(canvas, state, cube?.info.units);
  const cells = canvasCell(canvas, { title: '', scale }, cube?.info);
  const place = cube ? [placeText(cube.info, undefined)] : [];
  return sheet(cube?.info.name ?? 'Scene', { cells, side: SCENE_SIDE }, [
    ...place,
    viewText(state),
  ]);
}

function drawCompare(state: StudioState, page: ParentNode): Figure {
  const shown = shownPanes(state);
  const cells = [
    ...originalCell(state, page),
    ...shown.flatMap((pane) => paneCell(state, page, pane)),
  ];
  const error = state.shown === 'picture' ? [] : [`Reconstructions: ${ERRORS[state.shown]}.`];
  return sheet('Original and reconstructions', { cells }, [
    ...placeTexts(state),
    viewText(state),
    ...error,
    ...paneTexts(state),
  ]);
}

/** Every close-up of the original and of all panes, a row each. */
export function drawCloseUps(state: StudioState, page: ParentNode): Figure {
  const rows = [...page.querySelectorAll('.close-up-row')].map((row, i) => {
    const { x, y, width, height } = state.closeUps[i];
    const detail = `${width} × ${height} pixels at (${x}, ${y})`;
    return [...row.querySelectorAll<HTMLCanvasElement>('canvas')].flatMap((canvas) =>
      canvasCell(canvas, {
        title: canvas.ariaLabel ?? '',
        detail,
        scale: bandScale(canvas, state, state.cube?.info.units),
      }),
    );
  });
  const grid = {
    cells: rows.flat(),
    columns: Math.max(...rows.map((row) => row.length)),
    side: CLOSE_UP_SIDE,
  };
  return sheet('Close-ups', grid, [...placeTexts(state), viewText(state), ...paneTexts(state)]);
}

interface ShownPane {
  readonly pane: CodecPane;
  readonly result: Result;
  readonly number: number;
}

/** Panes that the figure has. */
function shownPanes(state: StudioState): readonly ShownPane[] {
  const { panes, activePane, cube, layout } = state;
  const window = comparedWindow(state);
  return panes.flatMap((pane, i) => {
    const { result } = pane;
    if (!result || !window || !fitsWindow(pane, window, cube?.id)) return [];
    if (layout === 'swipe' && pane.id !== activePane) return [];
    return [{ pane, result, number: i + 1 }];
  });
}

function originalCell(state: StudioState, page: ParentNode): readonly PictureCell[] {
  const { cube, layout } = state;
  const canvas = canvasOf(page, layout === 'swipe' ? 'swipe-canvas' : 'original-canvas');
  return canvasCell(canvas, {
    title: 'Original',
    detail: [cube?.info.name, ownStretch(state, ORIGINAL_PANE)].filter(Boolean).join(', '),
    scale: bandScale(canvas, state, cube?.info.units),
  });
}

function paneCell(
  state: StudioState,
  page: ParentNode,
  { pane, result, number }: ShownPane,
): readonly PictureCell[] {
  const grid = pane.id === state.activePane ? 'reconstruction' : `reconstruction-${number}`;
  const canvas = canvasOf(page, `${state.layout === 'swipe' ? 'swipe-over' : grid}-canvas`);
  const { codecLabel } = result.reconstruction;
  const parts = [qualityText(result), `${small(result.rate.bpp)} bpp`, ownStretch(state, pane.id)];
  return canvasCell(canvas, {
    title: `${number} ${codecLabel}`,
    detail: parts.filter(Boolean).join(', '),
    scale: errorScale(state, result) ?? bandScale(canvas, state, unitOf(state, result)),
  });
}

function ownStretch({ paneStretch }: StudioState, key: string): string | undefined {
  return paneStretch[key] && `percentiles ${paneStretch[key].join('–')}`;
}

const ERRORS = {
  shown: `mean absolute error at these bands, in ${DIFFERENCE_MAP}`,
  all: `root mean square error over all bands, in ${DIFFERENCE_MAP}`,
  sam: `spectral angle over all bands, in ${DIFFERENCE_MAP}`,
} as const;

/** A file without an original shows its picture whatever is asked for. */
function errorScale(
  { shown, errorLimit, angleLimit }: StudioState,
  { original }: Result,
): ScaleContent | undefined {
  if (shown === 'picture' || !original) return undefined;
  const high = shown === 'sam' ? `${angleLimit}°` : `${100 * errorLimit} % of the value range`;
  return { table: colourTable(DIFFERENCE_MAP), low: '0', high };
}

function placeTexts(state: StudioState): readonly string[] {
  const result = currentResult(state);
  if (result) return [resultPlaceText(state, result)];
  return state.cube ? [placeText(state.cube.info, comparedWindow(state))] : [];
}

function paneTexts(state: StudioState): readonly string[] {
  return shownPanes(state).map(({ result, number }) => `${number}: ${resultText(state, result)}`);
}
