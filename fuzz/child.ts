/** A process that runs lanes, one after the other, for `supervisor.ts`. */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import type { Lane } from './inputs';
import { runLane, seedsOf } from './lane';
import { InputRecord } from './record';
import { targetNamed } from './targets';
import type { Failure, Figures, Part, Seed } from './types';

export interface Job {
  readonly lane: Lane;
  /** Inputs that ended a process. */
  readonly skip: readonly number[];
}

export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'report'; readonly next: number; readonly figures: Figures }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly parts: readonly Part[] }
  | { readonly kind: 'done' };

/** `file`: where the input stands that is being run. */
export function serve(file: string): void {
  const send = (message: Message) => process.send?.(message);
  const descriptor = openSync(file, 'r+');
  const record = new InputRecord();
  const seeds = new Map<string, Promise<readonly Seed[]>>();
  let current: { target: string; parts: readonly Part[] } | undefined;
  const growth = memoryGrowth();

  const stray = (error: unknown) => {
    const message = error instanceof Error ? `${error.stack}` : String(error);
    const { target = 'unknown', parts = [] } = current ?? {};
    const failure = {
      target,
      kind: 'untyped error',
      message: `Nobody caught: ${message}`,
    } as const;
    send({ kind: 'failed', failure, parts });
  };
  process.on('unhandledRejection', stray);
  process.on('uncaughtException', stray);

  process.on('message', async ({ lane, skip }: Job) => {
    const target = targetNamed(lane.target);
    const known = seeds.get(lane.target) ?? seedsOf(target);
    seeds.set(lane.target, known);
    const own = await known;
    send({ kind: 'ready' });
    growth();
    await runLane(target, own, lane, {
      before(index, { parts }) {
        current = { target: target.name, parts };
        writeSync(descriptor, record.of(index, parts), 0, undefined, 0);
      },
      growth,
      failed: ({ input, ...failure }) => send({ kind: 'failed', failure, parts: input.parts }),
      report: (next, figures) => send({ kind: 'report', next, figures }),
      skip: (index) => skip.includes(index),
    });
    current = undefined;
    send({ kind: 'done' });
  });
}

/** Steps below this are what the heap does by itself. */
const NOTABLE_BYTES = 32 * 2 ** 20;

/**
 * By how much the largest resident memory that the process ever had has grown since the last call.
 * On Linux the largest is set back after notable growth, so that it hides nothing that follows.
 */
function memoryGrowth(): () => number {
  let largest = process.resourceUsage().maxRSS;
  return () => {
    const now = process.resourceUsage().maxRSS;
    const grown = 1024 * (now - largest);
    largest = now;
    if (grown > NOTABLE_BYTES) {
      try {
        writeFileSync('/proc/self/clear_refs', '5');
        largest = process.resourceUsage().maxRSS;
      } catch {
        // Elsewhere the largest stands.
      }
    }
    return Math.max(0, grown);
  };
}

const [file] = process.argv.slice(2);
if (process.send && file) serve(file);
