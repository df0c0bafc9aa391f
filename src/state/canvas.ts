import type { PixelWindow } from '../core/cube/types';
import type { DifferenceRequest } from '../engine/api';
import { activePaneOf, type CodecPane, sameWindow } from './panes';
import { centerOf } from './patch';
import type { SliceTools, StudioState } from './store';
import type { Pixel } from './view';

/** All panes side by side, or the original and the active pane on both sides of a line. */
export type Layout = 'grid' | 'swipe';
/** What panes of codecs show: the picture, or how far it is from the original's. */
export type Shown = 'picture' | DifferenceRequest['kind'];

/** A part of the scene that is shown enlarged for every pane, in pixels of the original. */
export interface CloseUp extends PixelWindow {
  readonly id: string;
}

/** What the strip below the pictures shows. */
export type Strip = 'spectrum' | 'metrics' | 'close-ups';

export interface CanvasSlice {
  readonly layout: Layout;
  readonly shown: Shown;
  /** The original stands in place of every reconstruction. */
  readonly flicker: boolean;
  /** Where the line of the swipe is, 0..1 from the left. */
  readonly split: number;
  /** Full scale of the difference maps: a share of the value range, and degrees. */
  readonly errorLimit: number;
  readonly angleLimit: number;
  readonly strip: Strip;
  /** Height of the strip, as a share of the stage's. */
  readonly stripShare: number;
  readonly closeUps: readonly CloseUp[];
  /** Side of new close-ups in pixels. */
  readonly closeUpSide: number;
  setCanvas(change: Partial<Pick<CanvasSlice, CanvasSetting>>): void;
  /** Pins the surroundings of a pixel of the window that is compared, of its middle by default. */
  addCloseUp(around?: Pixel): void;
  removeCloseUp(id: string): void;
}

type CanvasSetting =
  | 'layout'
  | 'shown'
  | 'flicker'
  | 'split'
  | 'errorLimit'
  | 'angleLimit'
  | 'strip'
  | 'stripShare'
  | 'closeUpSide';

export const CLOSE_UP_SIDES = [12, 24, 48] as const;
const MOST_CLOSE_UPS = 6;

/** The window that panes show: that of the active pane's result, else of any, else the patch. */
export function comparedWindow(
  state: Pick<StudioState, 'panes' | 'activePane' | 'cube' | 'patch'>,
): PixelWindow | undefined {
  const { cube, panes, patch } = state;
  const active = activePaneOf(state).result;
  if (active?.original) return active.original.window;
  if (active) {
    const { width, height } = active.reconstruction.info;
    return { x: 0, y: 0, width, height };
  }
  const other = panes.find(({ result }) => cube && result?.original?.cube === cube.id);
  return other?.result?.original?.window ?? patch;
}

/** Whether a pane's result can stand in the window beside the others. */
export function fitsWindow(
  { result }: CodecPane,
  window: PixelWindow,
  cube: string | undefined,
): boolean {
  if (!result) return false;
  const { original, reconstruction } = result;
  if (original) return original.cube === cube && sameWindow(original.window, window);
  const { width, height } = reconstruction.info;
  return width === window.width && height === window.height;
}

export function canvasSlice({ set, get }: SliceTools): CanvasSlice {
  let serial = 0;
  return {
    layout: 'grid',
    shown: 'picture',
    flicker: false,
    split: 0.5,
    errorLimit: 0.1,
    angleLimit: 10,
    strip: 'spectrum',
    stripShare: 0.26,
    closeUps: [],
    closeUpSide: 24,

    setCanvas: (change) => set(change),

    addCloseUp(around) {
      const window = comparedWindow(get());
      if (!window) return;
      const { x, y } = around ?? centerOf(window);
      const { closeUps, closeUpSide } = get();
      const width = Math.min(closeUpSide, window.width);
      const height = Math.min(closeUpSide, window.height);
      const inside = (at: number, from: number, size: number, side: number) =>
        Math.min(from + size - side, Math.max(from, Math.round(at - side / 2)));
      const closeUp: CloseUp = {
        id: `close-up ${++serial}`,
        x: inside(x, window.x, window.width, width),
        y: inside(y, window.y, window.height, height),
        width,
        height,
      };
      set({ closeUps: [...closeUps, closeUp].slice(-MOST_CLOSE_UPS), strip: 'close-ups' });
    },

    removeCloseUp: (id) => set({ closeUps: get().closeUps.filter((one) => one.id !== id) }),
  };
}
