import { keptBands } from '../core/cube/bandRanges';
import { gridFor } from '../core/cube/gridChoice';
import { bandsInGaps, coveredBands, gridRange } from '../core/cube/grids';
import { pick } from '../core/cube/window';
import { isHscError } from '../core/errors';
import type { CodecCard, OpenedCube } from '../engine/api';
import { type Notice, noticeOf } from './notice';
import {
  activePaneOf,
  type CodecPane,
  codecOf,
  isFittedByLooks,
  isUpToDate,
  settingsOf,
  showsPatch,
} from './panes';
import { nameFor } from './result';
import type { SliceTools } from './store';
import { isTuned } from './tuningSettings';

/** Bands of the open cube inside the range that the model covers. */
export interface BandQuestion {
  readonly total: number;
  readonly inside: number;
  readonly outside: number;
  /** What the codec covers, e.g. `400–1000 nm`. */
  readonly range: string;
}

export interface EncodingSlice {
  /** Panes that hold a file are encoded again when their settings change. */
  readonly live: boolean;
  /** Ids of cubes whose bands outside the model's grid the user agreed to leave out. */
  readonly coveredOnly: ReadonlySet<string>;
  /** Set while the user has to decide about bands that the model does not cover. */
  readonly bandQuestion: BandQuestion | undefined;
  /** The pane whose file is being made. */
  readonly encodingPane: string | undefined;
  readonly codingNotice: Notice | undefined;
  /**
   * Encodes the patch, decodes the bytes, compares: in the active pane, then in all others that do
   * not show what their settings say.
   */
  encode(): Promise<void>;
  /** Encodes in one pane. */
  encodePane(id: string): Promise<void>;
  /** A pane's settings have changed: it is encoded again in a moment, if it follows its settings. */
  refreshSoon(id: string): void;
  setLive(live: boolean): void;
  /** Answers the question about bands outside the grid, for this cube. */
  answerBands(answer: 'covered' | 'cancel'): Promise<void>;
  dismissCodingNotice(): void;
}

/** A slider that is being moved is waited for. */
const PAUSE_MS = 250;
/** Larger patches are encoded only when asked for. */
const LIVE_PIXELS = 256 * 256;

export function encodingSlice({ set, get, engine }: SliceTools): EncodingSlice {
  let serial = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const paneOf = (id: string) => get().panes.find((pane) => pane.id === id);

  /** A pane follows its settings once it holds a file of the patch. */
  const follows = (pane: CodecPane | undefined): pane is CodecPane => {
    const { live, patch } = get();
    if (!live || !pane?.result?.madeBy || !patch) return false;
    if (patch.width * patch.height > LIVE_PIXELS) return false;
    // It takes too long to follow a slider.
    if (isFittedByLooks(codecOf(get(), pane), pane)) return false;
    return showsPatch(pane, get()) && !isUpToDate(pane, get());
  };

  async function refresh(id: string): Promise<void> {
    if (get().encodingPane) await get().stopJob();
    if (!get().job && follows(paneOf(id))) await get().encodePane(id);
  }

  /** Encodes in one pane; tells whether others may follow. */
  async function encodeIn(id: string): Promise<boolean> {
    const pane = paneOf(id);
    const { cube, patch, metadata, coveredOnly, carriesWeights } = get();
    if (!pane?.codecId || !cube || !patch || get().job) return false;
    const codec = codecOf(get(), pane);
    const { codecId, rate } = pane;
    const grid = codec?.grids?.find((name) => name === pane.grid);
    const bandPolicy = coveredOnly.has(cube.id) ? 'covered' : 'refuse';
    const weights = carriesWeights && isTuned(codecId) ? ('delta' as const) : undefined;
    set({ bandQuestion: undefined, encodingPane: id });
    let made: Uint8Array<ArrayBuffer> | undefined;
    try {
      const request = {
        cube: cube.id,
        window: patch,
        codec: codecId,
        options: {
          rate,
          bandPolicy,
          metadata,
          grid,
          ...(weights && { weights }),
          ...(isFittedByLooks(codec, pane) && { perceptualFit: true }),
        },
        reconstruction: `decoded ${++serial}`,
      } as const;
      const madeBy = settingsOf(pane);
      const target = codec?.rateRange && rate;
      await get().runJob('encode', async (options) => {
        const onFile = (file: Uint8Array<ArrayBuffer>) => {
          made = file;
        };
        const encoded = await engine.encode(request, { ...options, onFile });
        made = undefined;
        options.onProgress(1, 'comparing with the original');
        await get().adoptEncoded(id, cube, patch, target, encoded, madeBy);
      });
      return get().cube?.id === cube.id;
    } catch (error) {
      if (get().cube?.id !== cube.id) return false;
      const question = questionOf(error, cube, codec, grid);
      const notice = made
        ? notDecoded(error, nameFor(cube, patch, codecId, codec?.rateRange && rate), made)
        : noticeOf(error);
      set(question ? { bandQuestion: question } : { codingNotice: notice });
      return question === undefined && notice !== undefined;
    } finally {
      set({ encodingPane: undefined });
    }
  }

  return {
    live: true,
    coveredOnly: new Set(),
    bandQuestion: undefined,
    encodingPane: undefined,
    codingNotice: undefined,

    async encode() {
      clearTimeout(timer);
      if (get().job) return;
      set({ codingNotice: undefined });
      const first = activePaneOf(get()).id;
      if (!(await encodeIn(first))) return;
      for (const { id } of get().panes) {
        const pane = paneOf(id);
        if (id === first || !pane || isUpToDate(pane, get())) continue;
        if (get().job || !(await encodeIn(id))) return;
      }
    },

    async encodePane(id) {
      set({ codingNotice: undefined });
      await encodeIn(id);
    },

    refreshSoon(id) {
      clearTimeout(timer);
      if (!follows(paneOf(id))) return;
      timer = setTimeout(() => refresh(id), PAUSE_MS);
    },

    setLive: (live) => set({ live }),

    async answerBands(answer) {
      const { cube, coveredOnly } = get();
      set({ bandQuestion: undefined });
      if (!cube || answer === 'cancel') return;
      set({ coveredOnly: new Set([...coveredOnly, cube.id]) });
      await get().encode();
    },

    dismissCodingNotice: () => set({ codingNotice: undefined }),
  };
}

/** What to say where a file is complete and only its image is missing. */
function notDecoded(error: unknown, name: string, bytes: Uint8Array<ArrayBuffer>): Notice {
  const why = noticeOf(error);
  const message = `${why?.message ?? 'Decoding was cancelled.'} The coded file is complete: save it here.`;
  return { ...why, message, file: { name, bytes } };
}

/** What to ask after a refusal, where leaving bands out would help. */
export function questionOf(
  error: unknown,
  cube: OpenedCube,
  codec: CodecCard | undefined,
  asked: string | undefined,
): BandQuestion | undefined {
  if (!isHscError(error) || error.code !== 'band-range') return undefined;
  return bandsOutside(cube, codec, asked);
}

/** How many bands of a cube a codec would leave out; undefined where it covers all, or none. */
export function bandsOutside(
  { info }: OpenedCube,
  codec: CodecCard | undefined,
  asked?: string,
): BandQuestion | undefined {
  if (!codec?.grids) return undefined;
  const grid = gridFor(codec, info, asked);
  const kept = keptBands(info);
  const wavelengthsNm = pick(info.wavelengthsNm, kept) ?? [];
  const inside = coveredBands(grid, wavelengthsNm).length;
  const outside = kept.length - inside - bandsInGaps(grid, wavelengthsNm);
  if (inside === 0 || outside === 0) return undefined;
  return { total: kept.length, inside, outside, range: gridRange(grid) };
}
