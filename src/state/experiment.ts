import { baseName } from '../core/fileNames';
import type { OpenedCube } from '../engine/api';
import type { OpenOptions, WrittenFile } from '../formats/types';
import { comparedWindow } from './canvas';
import type { CubeOrigin } from './cube';
import { applyDocument, type StudioDocument } from './document';
import {
  contentOf,
  differences,
  moved,
  type Offset,
  offsetOf,
  relocated,
} from './experimentContent';
import type { Manifest, Members } from './experimentFile';
import type { JobOptions } from './jobs';
import { type Notice, noticeOf } from './notice';
import { freshPanes, settingsOf } from './panes';
import type { RecentWork } from './recent';
import { type Result, rateOf } from './result';
import type { SliceTools, StudioState } from './store';

export const EXPERIMENT_EXTENSION = '.hsx';

/** Cubes up to this many samples go into an experiment whole, larger ones only as the window compared. */
const WHOLE_SAMPLES = 2 ** 24;
/** A window beyond this is left out. */
const MOST_SAMPLES = 2 ** 27;

export interface ExperimentSlice {
  readonly savingExperiment: boolean;
  /** What the last visit left. */
  readonly recent: { readonly about: RecentWork; readonly works: readonly PutAside[] } | undefined;
  /** That the browser does not keep what is open. */
  readonly storageNotice: Notice | undefined;
  /** Everything that is needed to see the same elsewhere; nothing where it failed or was cancelled. */
  saveExperiment(): Promise<WrittenFile | undefined>;
  openExperiment(file: File): Promise<void>;
  offerRecent(recent: ExperimentSlice['recent']): void;
  noteStorage(notice: Notice | undefined): void;
  /** Brings back what the last visit left. */
  continueRecent(): Promise<void>;
}

/** Work as it is put aside in the browser: an experiment whose original may be the user's files. */
export interface PutAside {
  readonly content: Manifest;
  readonly members: Members;
  readonly files?: readonly File[];
  readonly options: OpenOptions;
  /** Of a cube that came out of an experiment. */
  readonly original?: Uint8Array<ArrayBuffer>;
}

/** The member that holds the original. */
export const ORIGINAL = 'original.hsc';

interface OriginalSource {
  readonly origin: CubeOrigin;
  readonly options: OpenOptions;
  open(id: string, job: JobOptions): Promise<OpenedCube>;
}

export function experimentSlice({ set, get, engine }: SliceTools): ExperimentSlice {
  let serial = 0;

  /** The original as a lossless file, or the sample that it is. */
  async function originalOf(
    state: StudioState,
    job: JobOptions,
  ): Promise<{ cube: Manifest['cube']; members: Members }> {
    const { cube, cubeOrigin } = state;
    if (!cube) return { cube: undefined, members: {} };
    const { name, width, height, bands } = cube.info;
    const whole = { x: 0, y: 0, width, height };
    if (cubeOrigin?.kind === 'sample') {
      return { cube: { name, sample: cubeOrigin.sample, window: whole }, members: {} };
    }
    const compared = comparedWindow(state) ?? whole;
    const window = width * height * bands <= WHOLE_SAMPLES ? whole : compared;
    if (window.width * window.height * bands > MOST_SAMPLES)
      return { cube: undefined, members: {} };
    const id = `original ${++serial}`;
    const options = { rate: 0, bandPolicy: 'refuse', metadata: 'all' } as const;
    const request = { cube: cube.id, window, codec: 'lossless', options, reconstruction: id };
    const { file } = await engine.encode(request, job);
    await engine.close(id);
    return { cube: { name, member: ORIGINAL, window }, members: { [ORIGINAL]: file } };
  }

  /** Decodes a saved file and compares it with the original, as if it had just been made. */
  async function resultFrom(
    saved: Manifest['results'][number],
    file: Uint8Array<ArrayBuffer>,
    cube: OpenedCube | undefined,
    offset: Offset,
    job: JobOptions,
  ): Promise<Result> {
    const origin = { bands: saved.codedBands, wavelengthsNm: saved.wavelengthsNm };
    const id = `experiment ${++serial}`;
    const reconstruction = await engine.decode(id, file, job, origin);
    const { encodeMs, madeBy } = saved;
    const result: Result = {
      fileName: saved.fileName,
      file,
      reconstruction,
      rate: rateOf(reconstruction),
      report: encodeMs === undefined ? undefined : { encodeMs },
      madeBy: madeBy && settingsOf({ ...madeBy, codecId: madeBy.codecId, grid: madeBy.grid }),
    };
    if (!cube || !saved.window) return result;
    const window = moved(saved.window, offset);
    const distortion = await engine.compare({ original: cube.id, reconstruction: id, window });
    return { ...result, original: { cube: cube.id, window }, distortion };
  }

  return {
    savingExperiment: false,
    recent: undefined,
    storageNotice: undefined,

    async saveExperiment() {
      if (get().job) return undefined;
      set({ savingExperiment: true });
      try {
        const { packExperiment } = await import('./experimentFile');
        const state = get();
        const original = await get().runJob('encode', (job) => originalOf(state, job));
        const { content, members } = contentOf(state, original.cube);
        const base = original.cube?.name ?? 'experiment';
        return {
          name: `${baseName(base)}${EXPERIMENT_EXTENSION}`,
          bytes: packExperiment(content, { ...original.members, ...members }),
        };
      } catch (error) {
        set({ codingNotice: noticeOf(error) });
        return undefined;
      } finally {
        set({ savingExperiment: false });
      }
    },

    async openExperiment(source) {
      set({ opening: source.name, openNotice: undefined });
      try {
        const { unpackExperiment } = await import('./experimentFile');
        const bytes = new Uint8Array(await source.arrayBuffer());
        const { content, members } = await unpackExperiment(bytes);
        const notice = await restore(content, members, originalIn(content, members));
        set({ openNotice: notice });
      } catch (error) {
        set({ openNotice: noticeOf(error) });
      } finally {
        set({ opening: undefined });
      }
    },

    offerRecent: (recent) => set({ recent }),
    noteStorage: (storageNotice) => set({ storageNotice }),

    async continueRecent() {
      const { recent } = get();
      if (!recent) return;
      set({ openNotice: undefined });
      const views: StudioState['savedViews'][number][] = [];
      const notices: string[] = [];
      for (const work of recent.works) {
        const { content, members, options, files } = work;
        set({ opening: content.cube?.name ?? 'the last work' });
        try {
          const source: OriginalSource | undefined = files
            ? {
                origin: { kind: 'files', files },
                options,
                open: (id) => engine.open(id, files, options),
              }
            : originalIn(
                content,
                work.original ? { ...members, [ORIGINAL]: work.original } : members,
              );
          const notice = await restore(content, members, source);
          if (notice) notices.push(notice.message);
          views.push(...get().savedViews);
        } catch (error) {
          const notice = noticeOf(error);
          // Cancelled: what is open by now stays.
          if (!notice) break;
          notices.push(notice.message);
        }
      }
      set({
        savedViews: views,
        opening: undefined,
        openNotice: notices.length > 0 ? { message: notices.join(' ') } : undefined,
      });
    },
  };

  /** Where the original of an experiment comes from. */
  function originalIn({ cube }: Manifest, members: Members): OriginalSource | undefined {
    const { sample, member } = cube ?? {};
    if (sample) {
      return {
        origin: { kind: 'sample', sample },
        options: {},
        open: (id) => engine.openSample(id, sample),
      };
    }
    if (!cube || !member) return undefined;
    const file = members[member];
    return {
      origin: { kind: 'experiment', name: cube.name, file },
      options: {},
      open: async (id, job) => {
        const { info } = await engine.decode(id, file, job);
        const named = { ...info, name: cube.name };
        return { id, info: named, format: 'Experiment', candidates: [], chosen: '' };
      },
    };
  }

  /** Opens, decodes and compares everything; tells where figures are not those saved. */
  async function restore(
    content: Manifest,
    members: Members,
    source: OriginalSource | undefined,
  ): Promise<Notice | undefined> {
    return get().runJob('decode', async (job) => {
      const cube = await source?.open(`experiment ${++serial}`, job);
      const offset = offsetOf(content);
      const results = new Map<string, Result>();
      for (const saved of content.results) {
        const file = members[saved.member];
        results.set(saved.pane, await resultFrom(saved, file, cube, offset, job));
      }
      if (cube && source) {
        const { origin, options } = source;
        await get().adoptOpened({ cube, origin, options });
      }
      await show(content, cube, results);
      return differences(content, results);
    });
  }

  async function show(
    content: Manifest,
    cube: OpenedCube | undefined,
    results: ReadonlyMap<string, Result>,
  ): Promise<void> {
    const { panes: records } = content.document;
    const { panes } = freshPanes(records);
    const ids = new Map(records.map(({ id }, i) => [id, panes[i].id]));
    const here = (document: StudioDocument) => relocated(document, content, cube, ids);
    const kept = panes.map((pane, i) => ({ ...pane, result: results.get(records[i].id) }));
    await get().closeResults();
    set({ panes: kept, activePane: kept[0].id });
    applyDocument({ set, get }, here(content.document));
    const savedViews = content.savedViews.map((view) => ({
      ...view,
      document: here(view.document),
    }));
    set({ savedViews });
  }
}
