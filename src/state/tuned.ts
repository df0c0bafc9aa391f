import type { PixelWindow } from '../core/cube/types';
import type { CodecCard } from '../engine/api';
import type { TunedWeights } from '../engine/tuningTypes';
import { noticeOf } from './notice';
import { activePaneOf, freshPanes, rateWithin } from './panes';
import { choiceOf, fitWindow } from './patch';
import type { SliceTools, StudioState } from './store';
import { cubeOfScene } from './tuning';
import { isTuned, shippedCodec } from './tuningSettings';

export interface TunedSlice {
  /** Weights that are kept on this machine. */
  readonly tunedWeights: readonly TunedWeights[];
  /** Reads the weights, the runs and the codecs that they make anew. */
  reloadTuned(): Promise<void>;
  /** Keeps a weights file of the studio. */
  importTuned(file: File): Promise<void>;
  /** The file of weights to be saved; nothing where it failed, which a notice then says. */
  exportTuned(codec: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  renameTuned(codec: string, name: string): Promise<void>;
  /** Panes that use these weights go back to the shipped ones. */
  removeTuned(codec: string): Promise<void>;
  /** Encodes in the active pane with these weights. */
  useTuned(codec: string): Promise<void>;
  /** Panes with these weights, or any tuned ones, take the shipped ones of their variant. */
  useOriginal(codec?: string): void;
  /** Puts the parent's weights and these side by side on what is held back of the open cube. */
  compareTuned(codec: string): Promise<void>;
}

export const WEIGHTS_EXTENSION = '.safetensors';

/** Larger parts are compared in their middle. */
const MOST_SIDE = 256;

/** What a run held back of the open cube, if these weights are its own. */
function heldBackFor(codec: string, state: StudioState): PixelWindow | undefined {
  const { tuningRun, cube } = state;
  const { best, last } = tuningRun?.outcome ?? {};
  if (best?.codec !== codec && last?.codec !== codec) return undefined;
  const scene = tuningRun?.request.scenes.find((one) => cubeOfScene(one, state)?.id === cube?.id);
  return scene?.heldBack;
}

/** What is held back of the open cube, or the middle of it. */
function comparedPart(codec: string, state: StudioState): PixelWindow | undefined {
  const { cube, splits } = state;
  if (!cube) return undefined;
  const heldBack = heldBackFor(codec, state) ?? splits[cube.id]?.heldBack;
  if (!heldBack) return state.patch;
  const width = Math.min(MOST_SIDE, heldBack.width);
  const height = Math.min(MOST_SIDE, heldBack.height);
  const x = heldBack.x + (heldBack.width - width) / 2;
  const y = heldBack.y + (heldBack.height - height) / 2;
  return fitWindow({ x, y, width, height }, cube.info);
}

export function newestFirst(weights: readonly TunedWeights[]): TunedWeights[] {
  const date = ({ lineage }: TunedWeights) => lineage?.date ?? '';
  return [...weights].sort((a, b) => date(b).localeCompare(date(a)));
}

/** Codecs of tuned weights under the names that these have now. */
export function named(
  codecs: readonly CodecCard[],
  weights: readonly TunedWeights[],
): readonly CodecCard[] {
  return codecs.map((codec) => {
    const own = weights.find((one) => one.codec === codec.id);
    const shipped = own && codecs.find(({ id }) => id === shippedCodec(codec.id));
    return own ? { ...codec, label: `${shipped?.label ?? own.like}, tuned: ${own.name}` } : codec;
  });
}

export function tunedOf(
  { tunedWeights }: Pick<StudioState, 'tunedWeights'>,
  codec: string | undefined,
): TunedWeights | undefined {
  return tunedWeights.find((one) => one.codec === codec);
}

export function tunedSlice({ set, get, engine }: SliceTools): TunedSlice {
  /** Does something to what is kept; what goes wrong is said in the room. */
  async function changing<T>(work: () => Promise<T>): Promise<T | undefined> {
    set({ tuningNotice: undefined });
    try {
      return await work();
    } catch (error) {
      set({ tuningNotice: noticeOf(error) });
      return undefined;
    }
  }

  return {
    tunedWeights: [],

    async reloadTuned() {
      await get().loadTuning();
      await get()
        .reloadCodecs()
        .catch((error: unknown) => set({ tuningNotice: noticeOf(error) }));
    },

    async importTuned(file) {
      await changing(async () => {
        const bytes = new Uint8Array(await file.arrayBuffer());
        await engine.importWeights(bytes, file.name.slice(0, -WEIGHTS_EXTENSION.length));
        await get().reloadTuned();
      });
    },

    exportTuned: (codec) => changing(() => engine.exportWeights(codec)),

    async renameTuned(codec, name) {
      await changing(async () => {
        await engine.renameWeights(codec, name);
        await get().loadTuning();
      });
    },

    async removeTuned(codec) {
      await changing(async () => {
        await engine.removeWeights(codec);
        get().useOriginal(codec);
        await get().reloadTuned();
      });
    },

    async useTuned(codec) {
      get().setCodec(codec);
      get().setStage('compare');
      if (get().cube) await get().encodePane(get().activePane);
    },

    useOriginal(codec) {
      for (const { id, codecId } of get().panes) {
        if (!codecId) continue;
        const own = codec === undefined ? isTuned(codecId) : codecId === codec;
        if (own) get().setCodec(shippedCodec(codecId), id);
      }
    },

    async compareTuned(codec) {
      const { cube, codecs } = get();
      const window = comparedPart(codec, get());
      const tuned = tunedOf(get(), codec);
      if (!cube || !window || !tuned) return;
      const card = codecs.find(({ id }) => id === codec);
      const rate = rateWithin(card, activePaneOf(get()).rate);
      const parent = tuned.lineage?.parent ?? shippedCodec(codec);
      const kept = codecs.some(({ id }) => id === parent) ? parent : shippedCodec(codec);
      await get().stopJob();
      await get().closeResults();
      const panes = [kept, codec].map((codecId) => ({ codecId, rate, grid: tuned.grid }));
      set({
        ...freshPanes(panes),
        patch: window,
        patchSize: choiceOf(window, cube.info),
        layout: 'grid',
        stage: 'compare',
      });
      await get().encode();
    },
  };
}
