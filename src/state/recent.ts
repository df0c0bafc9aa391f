import type { PutAside } from './experiment';
import { ORIGINAL } from './experiment';
import { contentOf } from './experimentContent';
import type { KeyValues } from './pointCache';
import type { StudioState, StudioStore } from './store';

/** Files beyond this are not kept in the browser: the browser would have to copy them. */
const MOST_BYTES = 256 * 2 ** 20;
/** Changes are put aside once they have come to rest. */
const REST_MS = 1000;

const WORK = 'work';
const FILES = 'files';

/** The work of the last visit, without its files. */
export interface RecentWork {
  readonly name: string;
  readonly savedAt: string;
  readonly panes: number;
}

type Work = Omit<PutAside, 'files'> & { readonly needsFiles: boolean };

function isWork(value: unknown): value is Work {
  return typeof value === 'object' && value !== null && 'content' in value && 'members' in value;
}

/** What of the state can be brought back; nothing while nothing is open. */
function workOf(state: StudioState): Work | undefined {
  const { cube, cubeOrigin, openOptions } = state;
  if (!cube || !cubeOrigin) return undefined;
  const { name, width, height } = cube.info;
  const window = { x: 0, y: 0, width, height };
  const sample = cubeOrigin.kind === 'sample' ? cubeOrigin.sample : undefined;
  const original = cubeOrigin.kind === 'experiment' ? cubeOrigin.file : undefined;
  const member = original && ORIGINAL;
  const { content, members } = contentOf(state, { name, sample, member, window });
  const needsFiles = cubeOrigin.kind === 'files';
  return { content, members, options: openOptions, original, needsFiles };
}

/**
 * Keeps the work on the open cube in the browser's storage, so that a reload loses nothing. Storage
 * may fail at any time (blocked, full, a private window): then nothing is kept.
 */
export class RecentKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private keptFiles: readonly File[] | undefined;
  private saved = '';

  constructor(private readonly store: KeyValues) {}

  /** What the last visit left, if it can be brought back. */
  async last(): Promise<{ readonly about: RecentWork; readonly work: PutAside } | undefined> {
    const work = await this.read(WORK);
    if (!isWork(work)) return undefined;
    const files = work.needsFiles ? await this.read(FILES) : undefined;
    if (work.needsFiles && !Array.isArray(files)) return undefined;
    const { content } = work;
    return {
      about: {
        name: content.cube?.name ?? '',
        savedAt: content.savedAt,
        panes: content.results.length,
      },
      work: { ...work, files: files as File[] | undefined },
    };
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
      const work = workOf(state);
      if (!work) {
        if (this.saved !== '') await this.forget();
        return;
      }
      const { savedAt: _, ...rest } = work.content;
      const key = JSON.stringify(rest) + Object.values(work.members).map((file) => file.length);
      if (key === this.saved) return;
      if (work.needsFiles && !(await this.keepFiles(state))) return;
      await this.store.set(WORK, work);
      this.saved = key;
    } catch {
      // Full or blocked: the work stays in the page alone.
    }
  }

  private async keepFiles({ cubeOrigin }: StudioState): Promise<boolean> {
    if (cubeOrigin?.kind !== 'files') return true;
    const { files } = cubeOrigin;
    if (files === this.keptFiles) return true;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    if (bytes > MOST_BYTES) {
      await this.forget();
      return false;
    }
    await this.store.set(FILES, [...files]);
    this.keptFiles = files;
    return true;
  }

  private async forget(): Promise<void> {
    this.saved = '';
    this.keptFiles = undefined;
    await this.store.clear();
  }

  private async read(key: string): Promise<unknown> {
    return this.store.get(key).catch(() => undefined);
  }
}
