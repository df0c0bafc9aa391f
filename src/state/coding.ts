import type { CodecMeta, MetadataChoice } from '../codecs/types';
import { gridFor } from '../core/cube/gridChoice';
import { bandsInGaps, coveredBands, gridRange } from '../core/cube/grids';
import type { PixelWindow } from '../core/cube/types';
import { HscError, isHscError } from '../core/errors';
import type { OpenedCube } from '../engine/api';
import { type Notice, noticeOf } from './notice';
import { centerOf, DEFAULT_PATCH, fitWindow, type PatchSize, patchAround } from './patch';
import type { SliceTools } from './store';

export interface RunningJob {
  readonly kind: 'encode' | 'decode';
  readonly label: string;
  /** 0..1 */
  readonly done: number;
  readonly cancelling: boolean;
}

/** Bands of the open cube inside the range that the model covers. */
export interface BandQuestion {
  readonly total: number;
  readonly inside: number;
  readonly outside: number;
  /** What the codec covers, e.g. `400–1000 nm`. */
  readonly range: string;
}

/** Ranges wider than this are walked by ratios. */
const WIDE_RANGE = 10;

export function isWide([low, high]: readonly [number, number]): boolean {
  return high / low > WIDE_RANGE;
}

export interface CodingSlice {
  readonly patchSize: PatchSize;
  readonly patch: PixelWindow | undefined;
  readonly codecId: string | undefined;
  /** Target rate in bpp, within the range of the codec; of no meaning where that takes none. */
  readonly rate: number;
  readonly metadata: MetadataChoice;
  /** The spectral grid for codecs that have several; undefined: the one that fits the cube. */
  readonly grid: string | undefined;
  /** Ids of cubes whose bands outside the model's grid the user agreed to leave out. */
  readonly coveredOnly: ReadonlySet<string>;
  /** Set while the user has to decide about bands that the model does not cover. */
  readonly bandQuestion: BandQuestion | undefined;
  readonly job: RunningJob | undefined;
  readonly codingNotice: Notice | undefined;
  setPatchSize(size: PatchSize): void;
  /** Moves the patch; it stays inside the cube. */
  movePatch(x: number, y: number): void;
  setCodec(id: string): void;
  setRate(rate: number): void;
  /** One step of the keyboard's up or down. */
  stepRate(direction: 1 | -1): void;
  setMetadata(choice: MetadataChoice): void;
  setGrid(grid: string | undefined): void;
  adoptCodecs(codecs: readonly CodecMeta[]): void;
  cubeOpened(cube: OpenedCube, previous: OpenedCube | undefined): Promise<void>;
  /** Encodes the patch, decodes the bytes, compares. */
  encode(): Promise<void>;
  /** Answers the question about bands outside the grid, for this cube. */
  answerBands(answer: 'covered' | 'cancel'): Promise<void>;
  cancel(): void;
  dismissCodingNotice(): void;
  /** Runs a job of the engine under the store's progress and cancel. One runs at a time. */
  runJob<T>(
    kind: RunningJob['kind'],
    work: (options: {
      signal: AbortSignal;
      onProgress: (done: number, label: string) => void;
    }) => Promise<T>,
  ): Promise<T>;
}

export function codingSlice({ set, get, engine }: SliceTools): CodingSlice {
  let controller: AbortController | undefined;
  let serial = 0;
  const rateRange = () => get().codecs.find(({ id }) => id === get().codecId)?.rateRange;

  return {
    patchSize: DEFAULT_PATCH,
    patch: undefined,
    codecId: undefined,
    rate: 0.6,
    metadata: 'spectral',
    grid: undefined,
    coveredOnly: new Set(),
    bandQuestion: undefined,
    job: undefined,
    codingNotice: undefined,

    setPatchSize(patchSize) {
      const { cube, patch } = get();
      if (!cube) return;
      const center = patch ? centerOf(patch) : { x: cube.info.width / 2, y: cube.info.height / 2 };
      set({ patchSize, patch: patchAround(patchSize, center, cube.info), bandQuestion: undefined });
    },

    movePatch(x, y) {
      const { cube, patch } = get();
      if (cube && patch) set({ patch: fitWindow({ ...patch, x, y }, cube.info) });
    },

    setCodec(codecId) {
      set({ codecId, bandQuestion: undefined });
      get().setRate(get().rate);
    },

    setRate(rate) {
      const range = rateRange();
      if (!range) return;
      const inside = Math.min(range[1], Math.max(range[0], rate));
      set({ rate: Math.round(inside * 100) / 100 });
    },

    stepRate(direction) {
      const range = rateRange();
      const { rate } = get();
      if (!range) return;
      get().setRate(isWide(range) ? rate * 1.1 ** direction : rate + 0.05 * direction);
    },

    setMetadata: (metadata) => set({ metadata }),

    setGrid: (grid) => set({ grid, bandQuestion: undefined }),

    adoptCodecs(codecs) {
      if (codecs.length === 0) set({ codecId: undefined });
      else if (!codecs.some(({ id }) => id === get().codecId)) get().setCodec(codecs[0].id);
    },

    async cubeOpened(cube, previous) {
      const { info } = cube;
      const middle = { x: info.width / 2, y: info.height / 2 };
      const { result } = get();
      const keep = result && !result.original ? result : undefined;
      if (result && !keep) await get().closeResult();
      set({
        patch: patchAround(get().patchSize, middle, info),
        codingNotice: undefined,
        bandQuestion: undefined,
      });
      if (!keep || previous) get().setStage(keep ? 'compare' : 'scene');
      get().resetView();
      if (keep) await get().compareIfSameSize();
    },

    async encode() {
      const { cube, patch, codecId, rate, metadata, coveredOnly, job, codecs } = get();
      if (!cube || !patch || !codecId || job) return;
      const codec = codecs.find(({ id }) => id === codecId);
      const grid = codec?.grids?.find((name) => name === get().grid);
      const bandPolicy = coveredOnly.has(cube.id) ? 'covered' : 'refuse';
      set({ bandQuestion: undefined });
      try {
        const request = {
          cube: cube.id,
          window: patch,
          codec: codecId,
          options: { rate, bandPolicy, metadata, grid },
          reconstruction: `decoded ${++serial}`,
        } as const;
        await get().runJob('encode', async (options) => {
          const encoded = await engine.encode(request, options);
          await get().adoptEncoded(cube, patch, rateRange() && rate, encoded);
        });
      } catch (error) {
        if (get().cube?.id !== cube.id) return;
        const question = questionOf(error, cube, codec, grid);
        set(question ? { bandQuestion: question } : { codingNotice: noticeOf(error) });
      }
    },

    async answerBands(answer) {
      const { cube, coveredOnly } = get();
      set({ bandQuestion: undefined });
      if (!cube || answer === 'cancel') return;
      set({ coveredOnly: new Set([...coveredOnly, cube.id]) });
      await get().encode();
    },

    cancel() {
      if (!controller || controller.signal.aborted) return;
      controller.abort();
      const { job } = get();
      if (job) set({ job: { ...job, cancelling: true } });
    },

    dismissCodingNotice: () => set({ codingNotice: undefined }),

    async runJob(kind, work) {
      if (get().job) {
        throw new HscError('bad-argument', 'Wait for the running job to end, or cancel it.');
      }
      const own = new AbortController();
      controller = own;
      const report = (done: number, label: string) =>
        set({ job: { kind, done, label, cancelling: own.signal.aborted } });
      report(0, kind === 'encode' ? 'Starting' : 'Reading the file');
      set({ codingNotice: undefined });
      try {
        return await work({
          signal: own.signal,
          // A report that arrives after the job has ended must not bring it back.
          onProgress: (done, label) => controller === own && report(done, label),
        });
      } finally {
        controller = undefined;
        set({ job: undefined });
        await get().refreshMemory();
      }
    },
  };
}

/** What to ask after a refusal, where leaving bands out would help. */
function questionOf(
  error: unknown,
  { info }: OpenedCube,
  codec: CodecMeta | undefined,
  asked: string | undefined,
): BandQuestion | undefined {
  if (!isHscError(error) || error.code !== 'band-range' || !codec?.grids) return undefined;
  const grid = gridFor(codec, info, asked);
  const wavelengthsNm = info.wavelengthsNm ?? [];
  const inside = coveredBands(grid, wavelengthsNm).length;
  const outside = info.bands - inside - bandsInGaps(grid, wavelengthsNm);
  if (inside === 0 || outside === 0) return undefined;
  return { total: info.bands, inside, outside, range: gridRange(grid) };
}
