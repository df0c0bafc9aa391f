import type { MetadataChoice } from '../codecs/types';
import type { PixelWindow } from '../core/cube/types';
import type { OpenedCube } from '../engine/api';
import { activePaneOf, codecOf, rateWithin } from './panes';
import {
  centerOf,
  choiceOf,
  DEFAULT_PATCH,
  fitWindow,
  type PatchChoice,
  patchAround,
  resizeWindow,
} from './patch';
import type { SliceTools, StudioState } from './store';

/** Ranges wider than this are walked by ratios. */
const WIDE_RANGE = 10;

export function isWide([low, high]: readonly [number, number]): boolean {
  return high / low > WIDE_RANGE;
}

/** What is encoded, and how. */
export interface CodingSlice {
  readonly patchSize: PatchChoice;
  readonly patch: PixelWindow | undefined;
  readonly metadata: MetadataChoice;
  /** Files of tuned weights carry what these change, and decode with the shipped ones alone. */
  readonly carriesWeights: boolean;
  /** `custom` leaves the patch as it is, to be resized. */
  setPatchSize(size: PatchChoice): void;
  /** Pulls the patch's lower right corner. */
  resizePatch(width: number, height: number): void;
  /** Moves the patch; it stays inside the cube. */
  movePatch(x: number, y: number): void;
  /** Of the active pane, if none is named; likewise below. */
  setCodec(id: string, pane?: string): void;
  setRate(rate: number, pane?: string): void;
  /** One step of the keyboard's up or down. */
  stepRate(direction: 1 | -1): void;
  setGrid(grid: string | undefined, pane?: string): void;
  setPerceptualFit(fit: boolean, pane?: string): void;
  setMetadata(choice: MetadataChoice): void;
  setCarriesWeights(carries: boolean): void;
  adoptCodecs(codecs: StudioState['codecs']): void;
  /** A patch in the middle of a cube that was just opened. */
  cubeOpened(cube: OpenedCube): void;
}

export function codingSlice({ set, get }: SliceTools): CodingSlice {
  const paneOf = (id: string | undefined) =>
    get().panes.find((pane) => pane.id === id) ?? activePaneOf(get());

  return {
    patchSize: DEFAULT_PATCH,
    patch: undefined,
    metadata: 'spectral',
    carriesWeights: false,

    setPatchSize(patchSize) {
      const { cube, patch } = get();
      if (!cube) return;
      if (patchSize === 'custom') {
        set({ patchSize });
        return;
      }
      const center = patch ? centerOf(patch) : { x: cube.info.width / 2, y: cube.info.height / 2 };
      set({ patchSize, patch: patchAround(patchSize, center, cube.info), bandQuestion: undefined });
    },

    resizePatch(width, height) {
      const { cube, patch } = get();
      if (!cube || !patch) return;
      const resized = resizeWindow(patch, { width, height }, cube.info);
      set({ patch: resized, patchSize: choiceOf(resized, cube.info), bandQuestion: undefined });
    },

    movePatch(x, y) {
      const { cube, patch } = get();
      if (cube && patch) set({ patch: fitWindow({ ...patch, x, y }, cube.info) });
    },

    setCodec(codecId, id) {
      const pane = paneOf(id);
      const codec = codecOf(get(), { ...pane, codecId });
      get().updatePane(pane.id, { codecId, rate: rateWithin(codec, pane.rate) });
      set({ bandQuestion: undefined });
      get().refreshSoon(pane.id);
    },

    setRate(rate, id) {
      const pane = paneOf(id);
      const codec = codecOf(get(), pane);
      if (!codec?.rateRange) return;
      get().updatePane(pane.id, { rate: rateWithin(codec, rate) });
      get().refreshSoon(pane.id);
    },

    stepRate(direction) {
      const pane = activePaneOf(get());
      const range = codecOf(get(), pane)?.rateRange;
      if (!range) return;
      get().setRate(isWide(range) ? pane.rate * 1.1 ** direction : pane.rate + 0.05 * direction);
    },

    setGrid(grid, id) {
      const pane = paneOf(id);
      get().updatePane(pane.id, { grid });
      set({ bandQuestion: undefined });
      get().refreshSoon(pane.id);
    },

    setPerceptualFit(perceptualFit, id) {
      const pane = paneOf(id);
      get().updatePane(pane.id, { perceptualFit });
      get().refreshSoon(pane.id);
    },

    setMetadata: (metadata) => set({ metadata }),
    setCarriesWeights: (carriesWeights) => set({ carriesWeights }),

    adoptCodecs(codecs) {
      for (const { id, codecId, rate } of get().panes) {
        if (codecs.some((codec) => codec.id === codecId)) continue;
        const codec = codecs[0];
        get().updatePane(id, { codecId: codec?.id, rate: rateWithin(codec, rate) });
      }
    },

    cubeOpened({ info }) {
      const middle = { x: info.width / 2, y: info.height / 2 };
      const wanted = get().patchSize;
      const patchSize = wanted === 'custom' ? DEFAULT_PATCH : wanted;
      set({
        patchSize,
        patch: patchAround(patchSize, middle, info),
        codingNotice: undefined,
        bandQuestion: undefined,
      });
    },
  };
}
