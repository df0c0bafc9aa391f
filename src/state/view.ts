import type { ColourMap } from '../core/cube/colourMaps';
import { type BandTriple, bandAxis, trueColour } from './bands';
import { currentResult } from './panes';
import type { SliceTools } from './store';

/** Three bands, one band in a colour map, or the three strongest principal components. */
export type ColourMode = 'colour' | 'grey' | 'components';

export type Percentiles = readonly [number, number];
export type Stage = 'scene' | 'compare' | 'curves' | 'attention' | 'bits' | 'tune';
/** Rooms of panes with pictures in them. */
export type PictureStage = 'scene' | 'compare';

export function isPictureStage(stage: Stage): stage is PictureStage {
  return stage === 'scene' || stage === 'compare';
}

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
  /** The colour map of a single band. */
  readonly colourMap: ColourMap;
  /** Shared by all panes that have no stretch of their own. */
  readonly percentiles: Percentiles;
  /** Percentiles of panes that are stretched by themselves, by the name of the pane. */
  readonly paneStretch: Readonly<Record<string, Percentiles>>;
  readonly sceneCamera: Camera;
  readonly compareCamera: Camera;
  readonly hovered: Pixel | undefined;
  setStage(stage: Stage): void;
  setRgbBands(bands: BandTriple): void;
  setGreyBand(band: number): void;
  setColourMode(mode: ColourMode): void;
  setColourMap(map: ColourMap): void;
  setPercentiles(percents: Percentiles): void;
  /** A stretch of the pane's own, or the shared one again. */
  setPaneStretch(pane: string, percents: Percentiles | undefined): void;
  setCamera(stage: PictureStage, camera: Camera): void;
  hover(pixel: Pixel | undefined): void;
  /** True colour of what is open, everything in sight, nothing pinned. */
  resetView(): void;
}

export function viewSlice({ set, get }: SliceTools): ViewSlice {
  return {
    stage: 'scene',
    colourMode: 'colour',
    rgbBands: [0, 0, 0],
    greyBand: 0,
    colourMap: 'grey',
    percentiles: STRETCHES[0].percents,
    paneStretch: {},
    sceneCamera: FIT,
    compareCamera: FIT,
    hovered: undefined,

    setStage: (stage) => set({ stage, hovered: undefined, drawing: undefined }),
    setRgbBands: (rgbBands) => set({ rgbBands, colourMode: 'colour', playing: false }),
    setGreyBand: (greyBand) => set({ greyBand, colourMode: 'grey' }),
    setColourMode: (colourMode) =>
      set({ colourMode, playing: get().playing && colourMode === 'grey' }),
    setColourMap: (colourMap) => set({ colourMap }),
    setPercentiles: (percentiles) => set({ percentiles }),
    setPaneStretch(pane, percents) {
      const { [pane]: _, ...others } = get().paneStretch;
      set({ paneStretch: percents ? { ...others, [pane]: percents } : others });
    },
    setCamera: (stage, camera) =>
      set(stage === 'scene' ? { sceneCamera: camera } : { compareCamera: camera }),
    hover: (hovered) => set({ hovered }),

    resetView() {
      const { cube } = get();
      const result = currentResult(get());
      const info = cube?.info ?? result?.reconstruction.info;
      const axis = info && bandAxis(info, cube ? undefined : result?.reconstruction.codedBands);
      const rgbBands: BandTriple = info && axis ? trueColour(info, axis) : [0, 0, 0];
      set({
        rgbBands,
        greyBand: rgbBands[0],
        colourMode: info?.bands === 1 ? 'grey' : 'colour',
        paneStretch: {},
        sceneCamera: FIT,
        compareCamera: FIT,
        hovered: undefined,
      });
      get().clearMarks();
    },
  };
}
