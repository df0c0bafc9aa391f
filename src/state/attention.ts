import type { CubeId } from '../engine/api';
import type { Attention, AttentionRequest } from '../engine/attention';
import { type AttentionPopulation, readPatches, surveyWindows } from './attentionSurvey';
import {
  type AppliedEdits,
  type AttentionEdits,
  type AttentionSlice,
  type GateCell,
  NO_EDITS,
  type ReadAttention,
} from './attentionTypes';
import { questionOf } from './encoding';
import { noticeOf } from './notice';
import type { SliceTools, StudioState } from './store';

export * from './attentionTypes';

/** The codec whose gates are read; undefined where none has any. */
export function attentionCodec(
  state: Pick<StudioState, 'codecs' | 'attentionCodecId'>,
): StudioState['codecs'][number] | undefined {
  const able = state.codecs.filter(({ attention }) => attention);
  return able.find(({ id }) => id === state.attentionCodecId) ?? able[0];
}

/** What should be read now; undefined where there is nothing to read. */
export function attentionWanted(state: StudioState): AttentionRequest | undefined {
  const { cube, patch, attentionRate, coveredOnly, backend } = state;
  const codec = attentionCodec(state);
  if (!cube || !patch || !codec || !backend) return undefined;
  const bandPolicy = coveredOnly.has(cube.id) ? 'covered' : 'refuse';
  const options = { rate: attentionRate, bandPolicy, metadata: 'none' } as const;
  return { cube: cube.id, window: patch, codec: codec.id, options };
}

/** True where the gates that are shown are not, or not yet, those of the patch. */
export function attentionStale(state: StudioState): boolean {
  return !sameJson(attentionWanted(state), state.attention?.of);
}

const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const isEmpty = ({ gates, bands }: AttentionEdits) => gates.length + bands.length === 0;

export function attentionSlice({ set, get, engine }: SliceTools): AttentionSlice {
  let serial = 0;
  let controller: AbortController | undefined;
  let survey: AbortController | undefined;
  let settling: Promise<void> | undefined;
  /** What failed or was cancelled; it is not tried again until something else is asked for. */
  let refused: string | undefined;

  /** The next step, if any. */
  const asked = () => {
    const { attention, attentionApplied, attentionEdits } = get();
    const wanted = attentionWanted(get());
    if (!wanted || get().stage !== 'attention') return undefined;
    if (!attention || attentionStale(get())) return { kind: 'read', wanted } as const;
    if (sameJson(attentionEdits, attentionApplied?.edits ?? NO_EDITS)) return undefined;
    return { kind: 'edit', attention, edits: attentionEdits } as const;
  };

  async function running<T>(
    label: string,
    work: (options: {
      signal: AbortSignal;
      onProgress: (done: number, label: string) => void;
    }) => Promise<T>,
  ): Promise<T> {
    const own = new AbortController();
    controller = own;
    const report = (done: number, text: string) =>
      set({ attentionJob: { done, label: text, cancelling: own.signal.aborted } });
    report(0, label);
    try {
      return await work({
        signal: own.signal,
        onProgress: (done, text) => controller === own && report(done, text),
      });
    } finally {
      controller = undefined;
      set({ attentionJob: undefined });
    }
  }

  const idsOf = (applied: AppliedEdits | undefined) =>
    applied ? [applied.edited, applied.difference] : [];

  async function close(ids: readonly CubeId[]): Promise<void> {
    await Promise.all(ids.map((id) => engine.close(id)));
  }

  /** Shows other gates, or none, and frees what was shown. */
  async function show(next: Partial<StudioState>): Promise<void> {
    const { attention, attentionApplied } = get();
    set({ attention: undefined, attentionApplied: undefined, ...next });
    await close([...(attention ? [attention.reconstruction] : []), ...idsOf(attentionApplied)]);
  }

  async function apply(attentionApplied: AppliedEdits | undefined): Promise<void> {
    const before = get().attentionApplied;
    set({ attentionApplied });
    await close(idsOf(before));
  }

  async function read(wanted: AttentionRequest): Promise<void> {
    const { cube } = get();
    const previous = get().attention;
    const reconstruction = `attended ${++serial}`;
    const request = { ...wanted, reconstruction };
    const attention = await running('Reading the patch', (options) =>
      engine.attend(request, options),
    );
    if (get().cube?.id !== wanted.cube) {
      await engine.close(reconstruction);
      return;
    }
    const cubeName = cube?.info.name ?? '';
    const edits = stillPossible(get().attentionEdits, attention, previous?.of.cube === wanted.cube);
    const cell = get().attentionCell;
    await show({
      attention: { ...attention, of: wanted, cubeName, reconstruction },
      attentionEdits: edits,
      attentionCell: cell && has(attention, cell) ? cell : undefined,
    });
  }

  async function edit(attention: ReadAttention, edits: AttentionEdits): Promise<void> {
    if (isEmpty(edits)) {
      await apply(undefined);
      return;
    }
    const own = ++serial;
    const ids = { edited: `edited ${own}`, difference: `difference ${own}` };
    const { of, reconstruction } = attention;
    const request = { ...of, reconstruction, edits, ...ids };
    const applied = await running('Applying the edits', (options) =>
      engine.editAttention(request, options),
    );
    if (get().attention !== attention) {
      await close([ids.edited, ids.difference]);
      return;
    }
    await apply({ ...applied, edits, ...ids });
  }

  async function settle(): Promise<void> {
    for (;;) {
      const step = asked();
      const key = JSON.stringify([step?.kind, attentionWanted(get()), get().attentionEdits]);
      if (!step || key === refused) return;
      set({ attentionNotice: undefined, attentionQuestion: undefined });
      try {
        if (step.kind === 'read') await read(step.wanted);
        else await edit(step.attention, step.edits);
      } catch (error) {
        refused = key;
        complain(error);
      } finally {
        await get().refreshMemory();
      }
    }
  }

  function complain(error: unknown): void {
    const { cube } = get();
    const codec = attentionCodec(get());
    const question = cube && questionOf(error, cube, codec, undefined);
    set(question ? { attentionQuestion: question } : { attentionNotice: noticeOf(error) });
  }

  return {
    attentionCodecId: undefined,
    attentionRate: 0.6,
    attention: undefined,
    attentionHeld: undefined,
    attentionPopulation: undefined,
    attentionEdits: NO_EDITS,
    attentionApplied: undefined,
    attentionJob: undefined,
    attentionNotice: undefined,
    attentionQuestion: undefined,
    attentionView: {
      shown: 'patch',
      sort: 'index',
      scale: 'whole',
      threshold: 0.5,
      plot: 'bands',
    },
    attentionCell: undefined,

    setAttentionView: (view) => set({ attentionView: { ...get().attentionView, ...view } }),
    setAttentionCodec: (attentionCodecId) => {
      set({ attentionCodecId });
      get().setAttentionRate(get().attentionRate);
    },

    setAttentionRate(rate) {
      const [low, high] = attentionCodec(get())?.rateRange ?? [rate, rate];
      const inside = Math.min(high, Math.max(low, rate));
      set({ attentionRate: Math.round(100 * inside) / 100 });
    },

    chooseCell: (attentionCell) => set({ attentionCell }),

    settleAttention() {
      settling ??= settle().finally(() => {
        settling = undefined;
      });
      return settling;
    },

    retryAttention() {
      refused = undefined;
      return get().settleAttention();
    },

    holdAttention: () => set({ attentionHeld: get().attention }),

    releaseHeld() {
      const { shown } = get().attentionView;
      set({ attentionHeld: undefined });
      if (shown === 'held' || shown === 'difference') get().setAttentionView({ shown: 'patch' });
    },

    async surveyAttention(count) {
      const wanted = attentionWanted(get());
      const { cube } = get();
      if (!wanted || !cube || survey) return;
      const own = new AbortController();
      survey = own;
      const windows = surveyWindows(count, wanted.window, cube.info);
      const show = (population: Partial<AttentionPopulation>) => {
        const { name } = cube.info;
        const fresh = { cubeName: name, windows, patches: [], state: 'running', done: 0 } as const;
        const before = get().attentionPopulation ?? fresh;
        if (survey === own) set({ attentionPopulation: { ...before, ...population } });
      };
      set({ attentionNotice: undefined, attentionPopulation: undefined });
      show({});
      try {
        await readPatches(engine, wanted, windows, own.signal, (patches, done) =>
          show({ patches, done }),
        );
        show({ state: 'done', done: 1 });
      } catch (error) {
        show({ state: 'cancelled' });
        if (survey === own) complain(error);
      } finally {
        if (survey === own) survey = undefined;
      }
    },

    scaleGate: ({ block, channel }, factor) => get().scaleGates(block, [channel], factor),

    scaleGates(block, channels, factor) {
      const { gates, bands } = get().attentionEdits;
      const others = gates.filter((one) => one.block !== block || !channels.includes(one.channel));
      const own = factor === 1 ? [] : channels.map((channel) => ({ block, channel, factor }));
      set({ attentionEdits: { gates: [...others, ...own], bands } });
    },

    scaleBand(band, factor) {
      const { gates, bands } = get().attentionEdits;
      const own = factor === 1 ? [] : [{ band, factor }];
      const others = bands.filter((one) => one.band !== band);
      set({ attentionEdits: { gates, bands: [...others, ...own] } });
    },

    resetEdits: () => set({ attentionEdits: NO_EDITS }),

    cancelAttention() {
      const { attentionJob, attentionPopulation } = get();
      const running = controller ?? survey;
      if (!running) return false;
      running.abort();
      if (attentionJob) set({ attentionJob: { ...attentionJob, cancelling: true } });
      else if (attentionPopulation) {
        set({ attentionPopulation: { ...attentionPopulation, state: 'cancelling' } });
      }
      return true;
    },

    async answerAttentionBands(answer) {
      const { cube, coveredOnly } = get();
      set({ attentionQuestion: undefined });
      if (!cube || answer === 'cancel') return;
      set({ coveredOnly: new Set([...coveredOnly, cube.id]) });
      await get().settleAttention();
    },

    dismissAttentionNotice: () => set({ attentionNotice: undefined }),

    leaveAttention() {
      controller?.abort();
      survey?.abort();
      survey = undefined;
      refused = undefined;
      set({
        attentionPopulation: undefined,
        attentionNotice: undefined,
        attentionQuestion: undefined,
      });
      const { shown } = get().attentionView;
      if (shown !== 'held') get().setAttentionView({ shown: 'patch' });
      // An engine that is gone has freed them already.
      show({}).catch(() => {});
    },
  };
}

function has({ blocks }: Attention, { block, channel }: GateCell): boolean {
  return blocks.some((one) => one.block === block && channel < one.gates.length);
}

/** Edits that other gates can take too; those of bands only on the cube that they were made on. */
function stillPossible(
  { gates, bands }: AttentionEdits,
  attention: Attention,
  sameCube: boolean,
): AttentionEdits {
  const { codedBands } = attention;
  return {
    gates: gates.filter((edit) => has(attention, edit)),
    bands: sameCube ? bands.filter(({ band }) => codedBands.includes(band)) : [],
  };
}
