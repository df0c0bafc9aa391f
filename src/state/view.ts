import { type BandTriple, bandAxis, trueColour } from './bands';
import type { SliceTools } from './store';

export type ColourMode = 'colour' | 'grey';
export type Stage = 'scene' | 'compare' | 'curves';
/** Rooms with pictures in them. */
export type PictureStage = Exclude<Stage, 'curves'>;

/** A pixel of the original cube (of the decoded image where no original is open). */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

export function samePixel(a: Pixel | undefined, b: Pixel | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y;
}

/** `fit` is the largest whole-number zoom at which everything is seen. */
export type Zoom = number | 'fit';

export interface Camera {
  readonly zoom: Zoom;
  /** The pixel in the middle of the pane; the middle of the image where left out. */
  readonly center?: Pixel;
}

const FIT: Camera = { zoom: 'fit' };

export const STRETCHES = [
  { label: '2–98 %', percents: [2, 98] },
  { label: '0.5–99.5 %', percents: [0.5, 99.5] },
  { label: 'Minimum–maximum', percents: [0, 100] },
] as const;

export interface ViewSlice {
  readonly stage: Stage;
  readonly colourMode: ColourMode;
  /** Red, green, blue as band numbers of the original cube. */
  readonly rgbBands: BandTriple;
  readonly greyBand: number;
  readonly percentiles: readonly [number, number];
  readonly sceneCamera: Camera;
  readonly compareCamera: Camera;
  readonly hovered: Pixel | undefined;
  readonly pinned: Pixel | undefined;
  setStage(stage: Stage): void;
  setRgbBands(bands: BandTriple): void;
  setGreyBand(band: number): void;
  setColourMode(mode: ColourMode): void;
  setPercentiles(percents: readonly [number, number]): void;
  setCamera(stage: PictureStage, camera: Camera): void;
  hover(pixel: Pixel | undefined): void;
  pin(pixel: Pixel | undefined): void;
  /** True colour of what is open, everything in sight, nothing pinned. */
  resetView(): void;
}

export function viewSlice({ set, get }: SliceTools): ViewSlice {
  return {
    stage: 'scene',
    colourMode: 'colour',
    rgbBands: [0, 0, 0],
    greyBand: 0,
    percentiles: STRETCHES[0].percents,
    sceneCamera: FIT,
    compareCamera: FIT,
    hovered: undefined,
    pinned: undefined,

    setStage: (stage) => set({ stage, hovered: undefined }),
    setRgbBands: (rgbBands) => set({ rgbBands, colourMode: 'colour' }),
    setGreyBand: (greyBand) => set({ greyBand, colourMode: 'grey' }),
    setColourMode: (colourMode) => set({ colourMode }),
    setPercentiles: (percentiles) => set({ percentiles }),
    setCamera: (stage, camera) =>
      set(stage === 'scene' ? { sceneCamera: camera } : { compareCamera: camera }),
    hover: (hovered) => set({ hovered }),
    pin: (pinned) => set({ pinned }),

    resetView() {
      const { cube, result } = get();
      const info = cube?.info ?? result?.reconstruction.info;
      const axis = info && bandAxis(info, cube ? undefined : result?.reconstruction.codedBands);
      const rgbBands: BandTriple = info && axis ? trueColour(info, axis) : [0, 0, 0];
      set({
        rgbBands,
        greyBand: rgbBands[0],
        colourMode: info?.bands === 1 ? 'grey' : 'colour',
        sceneCamera: FIT,
        compareCamera: FIT,
        hovered: undefined,
        pinned: undefined,
      });
    },
  };
}
