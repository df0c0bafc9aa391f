import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Lane } from './inputs';
import { MEMORY_LIMIT_BYTES, TIME_LIMIT_MS } from './lane';
import { Supervisor } from './supervisor';
import { table } from './table';
import { TARGETS, targetNamed } from './targets';
import { addFigures, type Failure, type Figures, noFigures, type Part, type Target } from './types';
import { shapeOf, verdictOfError } from './verdict';

const DEFAULT_INPUTS = 100_000;
const LANE_INPUTS = 8192;
/** Lanes that a target has at least, so that no core waits for another. */
const LEAST_LANES = 8;
/** Inputs saved of failures that look alike. */
const SAVED_ALIKE = 3;
const REPORT_FILE = 'report.txt';

/** Runs the command line; `script` is the bundle of `child.ts`. Returns the exit status. */
export async function main(script: string, args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      n: { type: 'string', default: String(DEFAULT_INPUTS) },
      seed: { type: 'string', default: '1' },
      target: { type: 'string' },
      minutes: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  if (values.replay) return replay(resolve(values.replay));
  const targets = values.target ? values.target.split(',').map(targetNamed) : TARGETS;
  const folder = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'hsc-fuzz-')));
  const run = new Run(script, folder, count(values.workers, 'workers'));
  const minutes = values.minutes === undefined ? undefined : count(values.minutes, 'minutes');
  const deadline = minutes === undefined ? undefined : performance.now() + 60_000 * minutes;
  const inputs = count(values.n, 'n');
  // With a time to spend, rounds of new inputs until it is up.
  for (let round = 0; round === 0 || (deadline && performance.now() < deadline); round++) {
    const seed = round === 0 ? values.seed : `${values.seed}+${round}`;
    await run.round(plan(targets, inputs, seed), deadline);
  }
  return run.summary(targets);
}

function count(text: string, name: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} takes a number above 0, not ${text}.`);
}

/** The inputs shared out by weight; lanes depend on the number of inputs alone. */
export function plan(targets: readonly Target[], inputs: number, seed: string): Lane[] {
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  const ends: number[] = [];
  let sum = 0;
  for (const { weight } of targets) {
    sum += weight;
    ends.push(Math.round((inputs * sum) / weights));
  }
  const lanes = targets.flatMap(({ name }, i) => {
    const total = ends[i] - (ends[i - 1] ?? 0);
    const length = Math.max(1, Math.min(LANE_INPUTS, Math.ceil(total / LEAST_LANES)));
    return Array.from({ length: Math.ceil(total / length) }, (_, lane) => {
      const from = lane * length;
      return { target: name, seed, from, to: Math.min(total, from + length), total };
    });
  });
  return lanes;
}

class Run {
  private readonly figures = new Map<string, Figures>();
  private readonly alike = new Map<string, number>();
  private saved = 0;

  constructor(
    private readonly script: string,
    private readonly folder: string,
    private readonly workers: number,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  async round(lanes: readonly Lane[], deadline: number | undefined): Promise<void> {
    const waiting = [...lanes];
    const stopped = () => deadline !== undefined && performance.now() > deadline;
    const work = async (_: unknown, number: number) => {
      const hooks = {
        figures: (target: string, more: Figures) => addFigures(this.of(target), more),
        failed: (failure: Failure, parts: readonly Part[]) => this.failed(failure, parts),
      };
      const supervisor = new Supervisor(this.script, this.folder, number, hooks);
      for (let lane = waiting.shift(); lane && !stopped(); lane = waiting.shift()) {
        await supervisor.run(lane, stopped);
      }
      supervisor.stop();
    };
    await Promise.all(Array.from({ length: this.workers }, work));
  }

  summary(targets: readonly Target[]): number {
    const total = noFigures();
    const rows = targets.map(({ name }) => ({ name, figures: this.of(name) }));
    for (const { figures } of rows) addFigures(total, figures);
    console.log(table(rows));
    console.log(
      `Limits for one input: ${TIME_LIMIT_MS / 1000} s of processor time, ` +
        `${MEMORY_LIMIT_BYTES / 2 ** 20} MiB more memory.`,
    );
    if (total.failures > 0) console.log(`Inputs that failed are in ${this.folder}`);
    console.log(`${total.inputs} inputs, ${total.failures} failures`);
    return total.failures > 0 ? 1 : 0;
  }

  private of(target: string): Figures {
    const own = this.figures.get(target) ?? noFigures();
    this.figures.set(target, own);
    return own;
  }

  private failed({ target, kind, message }: Failure, parts: readonly Part[]): void {
    const look = `${target}: ${kind}: ${shapeOf(message)}`;
    const before = this.alike.get(look) ?? 0;
    this.alike.set(look, before + 1);
    if (before >= SAVED_ALIKE) return;
    const folder = join(this.folder, `${++this.saved} ${target} ${kind}`.replaceAll(' ', '-'));
    mkdirSync(folder, { recursive: true });
    for (const { name, bytes } of parts) writeFileSync(join(folder, name), bytes);
    const names = JSON.stringify(parts.map(({ name }) => name));
    writeFileSync(join(folder, REPORT_FILE), [target, names, kind, message, ''].join('\n'));
    console.log(`FAILED ${look}\n       ${folder}`);
  }
}

/** Runs a saved input again, in this process. */
async function replay(folder: string): Promise<number> {
  const [targetName, names] = readFileSync(join(folder, REPORT_FILE), 'utf8').split('\n');
  const target = targetNamed(targetName);
  await target.seeds();
  const parts = (JSON.parse(names) as string[]).map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(folder, name))),
  }));
  const start = performance.now();
  const verdict = await target.run(parts).then(
    ({ shape }) => ({ signature: `accepted ${shape}` }),
    (error: unknown) => {
      console.log(error);
      return verdictOfError(target, error);
    },
  );
  console.log(`${verdict.signature} (${Math.round(performance.now() - start)} ms)`);
  return 'failure' in verdict && verdict.failure ? 1 : 0;
}
