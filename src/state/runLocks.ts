import type { RunId } from '../engine/tuningTypes';

/** Runs that go on in other tabs of the studio: their checkpoints are not to be resumed here. */

const PREFIX = 'hsc-run ';

/** Absent outside of secure contexts, and in Node. */
const locks = (): LockManager | undefined => globalThis.navigator?.locks;

/** Does the work while other tabs see that the run goes on; the browser lets go with the tab. */
export async function whileHeld<T>(run: RunId, work: () => Promise<T>): Promise<T> {
  const manager = locks();
  return manager ? manager.request(`${PREFIX}${run}`, work) : work();
}

export async function runsElsewhere(): Promise<ReadonlySet<RunId>> {
  const held = (await locks()?.query())?.held ?? [];
  const names = held.map(({ name = '' }) => name);
  return new Set(
    names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)),
  );
}
