import type { RunId } from '../engine/tuningTypes';

/** What other tabs of the studio hold, by locks that the browser lets go of with a tab. */

const RUN = 'hsc-run ';
const TAB = 'hsc-tab ';
/** A page that is reloaded may ask before the one before it has let go. */
const RELOAD_MS = 2000;

/** Absent outside of secure contexts, and in Node. */
const locks = (): LockManager | undefined => globalThis.navigator?.locks;

async function heldAfter(prefix: string): Promise<ReadonlySet<string>> {
  const held = (await locks()?.query())?.held ?? [];
  const names = held.map(({ name = '' }) => name);
  return new Set(
    names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  );
}

/** Does the work while other tabs see that the run goes on. */
export async function whileHeld<T>(run: RunId, work: () => Promise<T>): Promise<T> {
  const manager = locks();
  return manager ? manager.request(`${RUN}${run}`, work) : work();
}

/** Runs that go on in tabs: their checkpoints are not to be resumed here. */
export function runsElsewhere(): Promise<ReadonlySet<RunId>> {
  return heldAfter(RUN);
}

export interface Tab {
  /** The same after a reload, and no other open tab's. */
  readonly name: string;
  /** Names of the tabs that are open, as far as is known. */
  living(): Promise<ReadonlySet<string>>;
}

/** The name of this tab. One that was duplicated has its twin's, and takes a new one. */
export async function claimTab(): Promise<Tab> {
  const kept = sessionStorage.getItem(TAB);
  const name = kept && (await claimed(kept)) ? kept : Math.random().toString(36).slice(2);
  if (name !== kept) await claimed(name);
  sessionStorage.setItem(TAB, name);
  return { name, living: () => heldAfter(TAB) };
}

/** Takes the lock of a tab for as long as the page lives; false where another page has it. */
function claimed(name: string): Promise<boolean> {
  const manager = locks();
  if (!manager) return Promise.resolve(true);
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(RELOAD_MS);
    manager
      .request(`${TAB}${name}`, { signal }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}
