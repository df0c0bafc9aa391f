import * as v from 'valibot';
import { isNestedAtMost } from '../core/depth';
import { LineageSchema } from '../nn/lineage';
import type { SavedWeights } from '../training/session';
import type { Lineage, TuningStep, Validation } from '../training/types';
import type { Shelf } from './shelf';
import type { InterruptedRun, RunId, TuningRequest } from './tuningTypes';

/** How far a run has come, and all that it takes to go on. */
export interface RunState {
  readonly state: Uint8Array;
  readonly step: number;
  /** Of training, so far. */
  readonly seconds: number;
  readonly validations: readonly Validation[];
  readonly steps: readonly TuningStep[];
  readonly best?: SavedWeights;
}

/** What is written beside the tensors. */
interface Entry {
  readonly request: TuningRequest;
  readonly step: number;
  readonly seconds: number;
  readonly validations: readonly Validation[];
  readonly steps: readonly TuningStep[];
  /** Files of the checkpoint's tensors and of the best weights. */
  readonly stateFile: string;
  readonly best?: { readonly file: string; readonly lineage: Lineage };
  /** Milliseconds since 1970. */
  readonly time: number;
}

const ENTRY = '.run.json';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** What the ledger itself relies on; what a run is told stands as it was written. */
const EntrySchema = v.object({
  request: v.looseObject({
    run: v.string(),
    name: v.string(),
    codec: v.string(),
    scenes: v.array(v.looseObject({})),
    settings: v.looseObject({}),
  }),
  step: count,
  seconds: v.number(),
  validations: v.array(v.looseObject({ step: count })),
  steps: v.array(v.looseObject({ step: count })),
  stateFile: v.string(),
  best: v.optional(v.object({ file: v.string(), lineage: LineageSchema })),
  time: v.number(),
});

/** Entries are handed from thread to thread, which takes stack for every level. */
const ENTRY_DEPTH = 32;

function entryIn(bytes: Uint8Array, run: RunId): Entry | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(EntrySchema, isNestedAtMost(json, ENTRY_DEPTH) ? json : undefined);
  if (!parsed.success || parsed.output.request.run !== run) return undefined;
  return parsed.output as unknown as Entry;
}

/**
 * Checkpoints of runs on a shelf. A run's entry is written last and names its files, so that it is
 * whole whenever writing ends early: with the new checkpoint or with the one before.
 */
export class RunLedger {
  constructor(private readonly shelf: Shelf) {}

  async keep(request: TuningRequest, state: RunState): Promise<void> {
    const { run } = request;
    const stateFile = `${run}.${state.step}.state`;
    await this.shelf.write(stateFile, state.state as Uint8Array<ArrayBuffer>);
    const best = state.best && {
      file: `${run}.${state.best.lineage.step}.best`,
      lineage: state.best.lineage,
    };
    const known = await this.shelf.names();
    if (best && state.best && !known.includes(best.file)) {
      await this.shelf.write(best.file, state.best.file);
    }
    const { step, seconds, validations, steps } = state;
    const time = Date.now();
    const entry: Entry = { request, step, seconds, validations, steps, stateFile, best, time };
    await this.shelf.write(`${run}${ENTRY}`, new TextEncoder().encode(JSON.stringify(entry)));
    const used = [stateFile, best?.file, `${run}${ENTRY}`];
    await this.removeAllBut(run, used);
  }

  async read(run: RunId): Promise<RunState | undefined> {
    const entry = await this.entry(run);
    const state = entry && (await this.shelf.read(entry.stateFile));
    if (!entry || !state) return undefined;
    const file = entry.best && (await this.shelf.read(entry.best.file));
    const best = entry.best && file && { file, lineage: entry.best.lineage };
    return { ...entry, state, best };
  }

  /** Newest first. */
  async interrupted(): Promise<InterruptedRun[]> {
    const names = (await this.shelf.names()).filter((name) => name.endsWith(ENTRY));
    const entries = await Promise.all(
      names.map((name) => this.entry(name.slice(0, -ENTRY.length))),
    );
    return entries
      .filter((entry) => entry !== undefined)
      .sort((a, b) => b.time - a.time)
      .map(({ request, step, validations, steps }) => ({ request, step, validations, steps }));
  }

  async forget(run: RunId): Promise<void> {
    await this.shelf.remove(`${run}${ENTRY}`);
    await this.removeAllBut(run, []);
  }

  /** A damaged entry is none: the run is lost, others are not. */
  private async entry(run: RunId): Promise<Entry | undefined> {
    const bytes = await this.shelf.read(`${run}${ENTRY}`);
    return bytes && entryIn(bytes, run);
  }

  private async removeAllBut(run: RunId, used: readonly (string | undefined)[]): Promise<void> {
    for (const name of await this.shelf.names()) {
      if (name.startsWith(`${run}.`) && !used.includes(name)) await this.shelf.remove(name);
    }
  }
}
