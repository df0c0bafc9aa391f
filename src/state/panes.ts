import type { CodecMeta } from '../codecs/types';
import type { PixelWindow } from '../core/cube/types';
import type { Result } from './result';
import type { SliceTools, StudioState } from './store';

/** What the file of a pane is made by. */
export interface PaneSettings {
  readonly codecId: string | undefined;
  /** Target rate in bpp, within the range of the codec; of no meaning where that takes none. */
  readonly rate: number;
  /** The spectral grid for codecs that have several; undefined: the one that fits the cube. */
  readonly grid: string | undefined;
  /** Symbols chosen by looks, too; of no meaning for codecs that are not trained for them. */
  readonly perceptualFit?: boolean;
}

/** One codec at one rate beside the original, and what it made. */
export interface CodecPane extends PaneSettings {
  readonly id: string;
  readonly result: Result | undefined;
}

/** More are too small to see anything in. */
export const MOST_PANES = 7;

export interface PanesSlice {
  /** At least one. Invariant: `activePane` is the id of one of them. */
  readonly panes: readonly CodecPane[];
  /** The pane that the panels speak of. */
  readonly activePane: string;
  /** Another pane like the active one, with the next codec that no pane shows. */
  addPane(): void;
  removePane(id: string): Promise<void>;
  activatePane(id: string): void;
  updatePane(id: string, change: Partial<Omit<CodecPane, 'id'>>): void;
  /** Shows a result in a pane; the one that it held is freed. */
  replaceResult(id: string, result: Result): Promise<void>;
  /** Frees the results of all panes; settings stay. */
  closeResults(): Promise<void>;
  /** Gives back the memory of a result that no pane shows any more. */
  freeResult(result: Result): Promise<void>;
}

type Panes = Pick<StudioState, 'panes' | 'activePane'>;

export function activePaneOf({ panes, activePane }: Panes): CodecPane {
  return panes.find(({ id }) => id === activePane) ?? panes[0];
}

/** The result that the panels speak of. */
export function currentResult(state: Panes): Result | undefined {
  return activePaneOf(state).result;
}

export function codecOf(
  { codecs }: Pick<StudioState, 'codecs'>,
  { codecId }: PaneSettings,
): StudioState['codecs'][number] | undefined {
  return codecs.find(({ id }) => id === codecId);
}

export function sameWindow(a: PixelWindow | undefined, b: PixelWindow | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y && a?.width === b?.width && a?.height === b?.height;
}

/** Whether the pane shows the patch of the open cube. */
export function showsPatch(
  { result }: CodecPane,
  { cube, patch }: Pick<StudioState, 'cube' | 'patch'>,
): boolean {
  const original = result?.original;
  return original !== undefined && original.cube === cube?.id && sameWindow(original.window, patch);
}

/** Whether encoding the pane's patch with its settings would make the file that it holds. */
export function isUpToDate(pane: CodecPane, state: Pick<StudioState, 'cube' | 'patch'>): boolean {
  const made = pane.result?.madeBy;
  return (
    made !== undefined &&
    showsPatch(pane, state) &&
    made.codecId === pane.codecId &&
    made.rate === pane.rate &&
    made.grid === pane.grid &&
    Boolean(made.perceptualFit) === Boolean(pane.perceptualFit)
  );
}

/** The rate moved into the range of a codec, on the steps of the slider. */
export function rateWithin(codec: CodecMeta | undefined, rate: number): number {
  if (!codec?.rateRange) return rate;
  const [low, high] = codec.rateRange;
  return Math.round(Math.min(high, Math.max(low, rate)) * 100) / 100;
}

/** Whether a codec is to choose symbols by looks, too, by a pane's settings. */
export function isFittedByLooks(
  codec: CodecMeta | undefined,
  { perceptualFit }: PaneSettings,
): boolean {
  return Boolean(codec?.perceptual && perceptualFit);
}

let serial = 0;
const newId = () => `pane ${++serial}`;

const FIRST: PaneSettings = { codecId: undefined, rate: 0.6, grid: undefined };

/** What a pane, or more, has of settings. */
export function settingsOf({ codecId, rate, grid, perceptualFit }: PaneSettings): PaneSettings {
  return { codecId, rate, grid, perceptualFit };
}

/** The same settings with nothing made yet. */
export function freshPanes(panes: readonly PaneSettings[] = [FIRST]): Panes {
  const fresh = panes.map((pane) => ({ id: newId(), ...settingsOf(pane), result: undefined }));
  return { panes: fresh, activePane: fresh[0].id };
}

export function panesSlice({ set, get, engine }: SliceTools): PanesSlice {
  const free = (results: readonly (Result | undefined)[]) =>
    Promise.all(
      results.map(async (result) => result && (await engine.close(result.reconstruction.id))),
    );

  return {
    ...freshPanes(),

    addPane() {
      const { panes, codecs } = get();
      if (panes.length >= MOST_PANES) return;
      const active = activePaneOf(get());
      const at = codecs.findIndex(({ id }) => id === active.codecId);
      const following = [...codecs.slice(at + 1), ...codecs.slice(0, at + 1)];
      const used = new Set(panes.map(({ codecId }) => codecId));
      const codec = following.find(({ id }) => !used.has(id)) ?? codecs[at];
      const pane: CodecPane = {
        ...settingsOf(active),
        id: newId(),
        codecId: codec?.id ?? active.codecId,
        rate: rateWithin(codec, active.rate),
        result: undefined,
      };
      set({ panes: [...panes, pane], activePane: pane.id });
    },

    async removePane(id) {
      const { panes, activePane } = get();
      const at = panes.findIndex((pane) => pane.id === id);
      if (panes.length < 2 || at < 0) return;
      const left = panes.filter((pane) => pane.id !== id);
      const next = left[Math.min(at, left.length - 1)].id;
      set({ panes: left, activePane: activePane === id ? next : activePane });
      await free([panes[at].result]);
    },

    activatePane(id) {
      if (get().panes.some((pane) => pane.id === id)) set({ activePane: id });
    },

    updatePane(id, change) {
      set({ panes: get().panes.map((pane) => (pane.id === id ? { ...pane, ...change } : pane)) });
    },

    async replaceResult(id, result) {
      const pane = get().panes.find((one) => one.id === id);
      if (!pane) {
        await free([result]);
        return;
      }
      get().updatePane(id, { result });
      await free([pane.result]);
    },

    async closeResults() {
      const { panes } = get();
      set({ panes: panes.map((pane) => ({ ...pane, result: undefined })) });
      await free(panes.map(({ result }) => result));
    },

    async freeResult(result) {
      await free([result]);
    },
  };
}
