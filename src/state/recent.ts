import type { PutAside } from './experiment';
import { ORIGINAL } from './experiment';
import { contentOf } from './experimentContent';
import type { Notice } from './notice';
import type { KeyValues } from './pointCache';
import type { StudioState, StudioStore } from './store';
import type { Tab } from './tabs';
import type { OpenEntry } from './workspace';

/** Files beyond this are not kept in the browser: the browser would have to copy them. */
const MOST_BYTES = 256 * 2 ** 20;
/** Changes are put aside once they have come to rest. */
const REST_MS = 1000;
/** What never rests (a long job tells its progress many times a second) is kept as often as this. */
const LONGEST_WAIT_MS = 10_000;

/** Works of tabs that were closed; what is older goes. */
const MOST_LEFT = 2;

const WORK = 'work ';
const FILES = 'files ';

const NOT_KEPT =
  'The browser does not keep this work: its storage is full or closed to this page. A reload would lose it: save files or an experiment.';

/** As far as is known no other tab is open. */
const ONLY: Tab = { name: '', living: async () => new Set() };

/** A store that can tell what it holds. */
export interface ListedValues extends KeyValues {
  keys(): Promise<readonly string[]>;
}

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
 * Keeps the work on the open cubes in the browser's storage, so that a reload loses nothing: every tab
 * its own. Storage may fail at any time (blocked, full, a private window): then nothing is kept, and
 * `onFault` is told so, once, and told nothing when all is kept again.
 * `onKept` is told whether everything of now is kept.
 */
export class RecentKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Since when something may have changed that is not kept yet. */
  private waitingSince: number | undefined;
  private keptFiles: readonly (readonly File[] | undefined)[] = [];
  private saved = '';
  private failing = false;

  constructor(
    private readonly store: ListedValues,
    private readonly tab: Tab = ONLY,
    private readonly onFault: (notice: Notice | undefined) => void = () => {},
    private readonly onKept: (kept: boolean) => void = () => {},
  ) {}

  /**
   * What the last visit left, if it can be brought back: this tab's own before it was reloaded,
   * otherwise that of the tab that was closed last. The cube that was looked at is last.
   */
  async last(): Promise<
    { readonly about: RecentWork; readonly works: readonly PutAside[] } | undefined
  > {
    try {
      const left = await this.left();
      await this.drop(left.slice(MOST_LEFT));
      const [name] = (await this.saveTime(this.tab.name)) ? [this.tab.name] : left;
      return name === undefined ? undefined : await this.workOf(name);
    } catch {
      return undefined;
    }
  }

  /** From now on, what the store holds is kept. */
  follow(studio: StudioStore): void {
    studio.subscribe((state, previous) => {
      if (state === previous || state.opening) return;
      const now = performance.now();
      if (this.waitingSince === undefined) this.onKept(false);
      this.waitingSince ??= now;
      clearTimeout(this.timer);
      const wait = Math.min(REST_MS, this.waitingSince + LONGEST_WAIT_MS - now);
      this.timer = setTimeout(() => this.keepNow(studio.getState()), wait);
    });
  }

  private async keepNow(state: StudioState): Promise<void> {
    this.waitingSince = undefined;
    await this.keepOrTell(state);
    if (this.waitingSince === undefined) this.onKept(!this.failing);
  }

  private async keepOrTell(state: StudioState): Promise<void> {
    try {
      // What closed tabs left makes room for what is open.
      await this.keep(state).catch(async () => {
        await this.drop(await this.left());
        await this.keep(state);
      });
      if (this.failing) this.onFault(undefined);
      this.failing = false;
    } catch {
      if (!this.failing) this.onFault({ code: 'io', message: NOT_KEPT });
      this.failing = true;
    }
  }

  private async keep(state: StudioState): Promise<void> {
    const { name } = this.tab;
    const kept = keptOf(state);
    if (kept.length === 0) {
      if (this.saved !== '') await this.drop([name]);
      this.saved = '';
      this.keptFiles = [];
      return;
    }
    const key = kept.map(({ work }) => keyOf(work)).join();
    const files = kept.map((one) => one.files);
    const sameFiles =
      files.length === this.keptFiles.length && files.every((own, i) => own === this.keptFiles[i]);
    if (key === this.saved && sameFiles) return;
    if (!sameFiles) {
      await this.store.set(
        FILES + name,
        files.map((own) => own && [...own]),
      );
      this.keptFiles = files;
    }
    await this.store.set(
      WORK + name,
      kept.map(({ work }) => work),
    );
    this.saved = key;
  }

  /** Tabs that were closed and have left work, the last one first. */
  private async left(): Promise<readonly string[]> {
    const living = await this.tab.living();
    const names = (await this.store.keys())
      .filter((key) => key.startsWith(WORK))
      .map((key) => key.slice(WORK.length))
      .filter((name) => name !== this.tab.name && !living.has(name));
    const times = await Promise.all(
      names.map(async (name) => ({ name, time: (await this.saveTime(name)) ?? '' })),
    );
    return times.sort((a, b) => b.time.localeCompare(a.time)).map(({ name }) => name);
  }

  /** When a tab has last kept something, as ISO 8601; nothing where it has not. */
  private async saveTime(name: string): Promise<string | undefined> {
    const read = await this.store.get(WORK + name);
    if (!Array.isArray(read) || !read.every(isWork)) return undefined;
    return read.at(-1)?.content.savedAt;
  }

  private async drop(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.store.delete(WORK + name);
      await this.store.delete(FILES + name);
    }
  }

  private async workOf(name: string) {
    const read = (await this.store.get(WORK + name)) as readonly Work[];
    const readFiles = await this.store.get(FILES + name);
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
}
