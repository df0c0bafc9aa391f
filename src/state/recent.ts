import type { PutAside } from './experiment';
import { ORIGINAL } from './experiment';
import { contentOf } from './experimentContent';
import type { KeyValues } from './pointCache';
import type { StudioState, StudioStore } from './store';
import type { OpenEntry } from './workspace';

/** Files beyond this are not kept in the browser: the browser would have to copy them. */
const MOST_BYTES = 256 * 2 ** 20;
/** Changes are put aside once they have come to rest. */
const REST_MS = 1000;

const WORK = 'work';
const FILES = 'files';

/** The work of the last visit, without its files. */
export interface RecentWork {
  /** Of the cube that was looked at. */
  readonly name: string;
  readonly savedAt: string;
  readonly panes: number;
  /** Open cubes in all. */
  readonly cubes: number;
}

type Work = Omit<PutAside, 'files'> & { readonly needsFiles: boolean };

function isWork(value: unknown): value is Work {
  return typeof value === 'object' && value !== null && 'content' in value && 'members' in value;
}

/** An open cube with what can be brought back of it, and the files that it takes. */
interface Kept {
  readonly work: Work;
  readonly files: readonly File[] | undefined;
}

/** The state as it is while an open cube is looked at. */
function lookingAt(state: StudioState, { cube, origin, options, work }: OpenEntry): StudioState {
  if (cube.id === state.cube?.id) return state;
  return { ...state, ...work, cube, cubeOrigin: origin, openOptions: options };
}

/** Every open cube, the one that is looked at last; of all together no more than may be kept. */
function keptOf(state: StudioState): readonly Kept[] {
  const { cubes, cube } = state;
  const looked = cubes.filter((entry) => entry.cube.id === cube?.id);
  const others = cubes.filter((entry) => entry.cube.id !== cube?.id);
  let left = MOST_BYTES;
  const kept: Kept[] = [];
  for (const entry of [...looked, ...others.reverse()]) {
    const files = entry.origin.kind === 'files' ? entry.origin.files : undefined;
    const bytes = (files ?? []).reduce((sum, { size }) => sum + size, 0);
    const work = workOf(lookingAt(state, entry));
    if (!work || bytes > left) continue;
    left -= bytes;
    kept.push({ work, files });
  }
  return kept.reverse();
}

/** What of the state can be brought back of the cube that is looked at. */
function workOf(state: StudioState): Work | undefined {
  const { cube, cubeOrigin, openOptions } = state;
  if (!cube || !cubeOrigin) return undefined;
  const { name, width, height } = cube.info;
  const window = { x: 0, y: 0, width, height };
  const sample = cubeOrigin.kind === 'sample' ? cubeOrigin.sample : undefined;
  const original = cubeOrigin.kind === 'experiment' ? cubeOrigin.file : undefined;
  const member = original && ORIGINAL;
  const { content, members } = contentOf(state, { name, sample, member, window });
  const savedViews = content.savedViews.filter((view) => view.document.cube === cube.id);
  const needsFiles = cubeOrigin.kind === 'files';
  const own = { ...content, savedViews };
  return { content: own, members, options: openOptions, original, needsFiles };
}

/** Without when it was saved, to see whether anything has changed. */
function keyOf({ content: { savedAt: _, ...rest }, members }: Work): string {
  return JSON.stringify(rest) + Object.values(members).map((file) => file.length);
}

/**
 * Keeps the work on the open cubes in the browser's storage, so that a reload loses nothing. Storage
 * may fail at any time (blocked, full, a private window): then nothing is kept.
 */
export class RecentKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private keptFiles: readonly (readonly File[] | undefined)[] = [];
  private saved = '';

  constructor(private readonly store: KeyValues) {}

  /** What the last visit left, if it can be brought back: the cube that was looked at last. */
  async last(): Promise<
    { readonly about: RecentWork; readonly works: readonly PutAside[] } | undefined
  > {
    const [read, readFiles] = [await this.read(WORK), await this.read(FILES)];
    if (!Array.isArray(read) || !read.every(isWork)) return undefined;
    const files: unknown[] = Array.isArray(readFiles) ? readFiles : [];
    const works = read.flatMap((work, i): PutAside[] => {
      if (!work.needsFiles) return [work];
      return Array.isArray(files[i]) ? [{ ...work, files: files[i] as File[] }] : [];
    });
    const looked = works.at(-1);
    if (!looked) return undefined;
    const { content } = looked;
    const about = {
      name: content.cube?.name ?? '',
      savedAt: content.savedAt,
      panes: content.results.length,
      cubes: works.length,
    };
    return { about, works };
  }

  /** From now on, what the store holds is kept. */
  follow(studio: StudioStore): void {
    studio.subscribe((state, previous) => {
      if (state === previous || state.opening) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(studio.getState()), REST_MS);
    });
  }

  private async keep(state: StudioState): Promise<void> {
    try {
      const kept = keptOf(state);
      if (kept.length === 0) {
        if (this.saved !== '') await this.forget();
        return;
      }
      const key = kept.map(({ work }) => keyOf(work)).join();
      const files = kept.map((one) => one.files);
      const sameFiles =
        files.length === this.keptFiles.length &&
        files.every((own, i) => own === this.keptFiles[i]);
      if (key === this.saved && sameFiles) return;
      if (!sameFiles) {
        await this.store.set(
          FILES,
          files.map((own) => own && [...own]),
        );
        this.keptFiles = files;
      }
      await this.store.set(
        WORK,
        kept.map(({ work }) => work),
      );
      this.saved = key;
    } catch {
      // Full or blocked: the work stays in the page alone.
    }
  }

  private async forget(): Promise<void> {
    this.saved = '';
    this.keptFiles = [];
    await this.store.clear();
  }

  private async read(key: string): Promise<unknown> {
    return this.store.get(key).catch(() => undefined);
  }
}
