import { type Input, InputSource, type Lane } from './inputs';
import { type Failure, type Figures, noFigures, type Seed, type Target } from './types';
import { type Verdict, verdictOfError, verdictOfResult } from './verdict';

/** Growth of resident memory within one input: seeds have a few kB, inputs 256 kB at most. */
export const MEMORY_LIMIT_BYTES = 256 * 2 ** 20;
/** Of the process' own time: the machine may be busy. */
export const TIME_LIMIT_MS = 2000;

export interface FoundFailure extends Failure {
  readonly input: Input;
}

export interface LaneHooks {
  /** Before an input is handed over, so that it is known whatever becomes of the process. */
  before?(index: number, input: Input): void;
  /** Growth of memory since the last call, bytes. */
  growth?(): number;
  failed?(failure: FoundFailure): void;
  /** Every {@link REPORT_EVERY} inputs and at the end; the figures are those since the last time. */
  report?(next: number, figures: Figures): void;
  /** Inputs that must not be run. */
  skip?(index: number): boolean;
}

export const REPORT_EVERY = 256;

/** Tells seeds apart by their digests, where they have any. */
export async function seedsOf(target: Target): Promise<readonly Seed[]> {
  const seeds = await target.seeds();
  if (!target.checked) return seeds;
  return Promise.all(
    seeds.map(async (seed) => {
      const digest = await target.run(seed.parts).then(
        (accepted) => accepted.digest,
        () => undefined,
      );
      return { ...seed, digest };
    }),
  );
}

/** Runs inputs one after the other and judges what becomes of them. */
export async function runLane(
  target: Target,
  seeds: readonly Seed[],
  lane: Lane,
  hooks: LaneHooks = {},
): Promise<void> {
  const source = new InputSource(target, seeds, lane);
  const known = new Set(seeds.flatMap(({ digest }) => digest ?? []));
  const seen = new Set<string>();
  let figures = noFigures();
  for (let index = lane.from; index < lane.to; index++) {
    if (!hooks.skip?.(index)) {
      const input = source.at(index);
      hooks.before?.(index, input);
      const { verdict, milliseconds, busy } = await judged(target, input, known);
      const growth = hooks.growth?.() ?? 0;
      const { signature, code, failure } = verdict;
      if (!seen.has(signature)) {
        seen.add(signature);
        source.keep(input);
      }
      figures.inputs++;
      if (code) figures.refused[code] = (figures.refused[code] ?? 0) + 1;
      else if (!failure) figures.accepted++;
      figures.slowestMs = Math.max(figures.slowestMs, milliseconds);
      figures.growth = Math.max(figures.growth, growth);
      const found = failure ?? beyondLimits(busy, growth);
      if (found) {
        figures.failures++;
        hooks.failed?.({ target: target.name, ...found, input });
      }
    }
    if ((index + 1) % REPORT_EVERY === 0 || index + 1 === lane.to) {
      hooks.report?.(index + 1, figures);
      figures = noFigures();
    }
  }
}

function beyondLimits(busy: number, growth: number) {
  if (busy > TIME_LIMIT_MS) {
    return { kind: 'hang', message: `It took ${Math.round(busy)} ms of processor time.` } as const;
  }
  if (growth > MEMORY_LIMIT_BYTES) {
    return {
      kind: 'memory',
      message: `Memory grew by ${Math.round(growth / 2 ** 20)} MiB.`,
    } as const;
  }
  return undefined;
}

async function judged(
  target: Target,
  { parts, seed, repaired }: Input,
  known: ReadonlySet<string>,
) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  let verdict: Verdict;
  try {
    const accepted = await target.run(parts);
    verdict = verdictOfResult(target, accepted, seed, repaired, known);
  } catch (error) {
    verdict = verdictOfError(target, error);
  }
  const milliseconds = performance.now() - start;
  if (milliseconds < TIME_LIMIT_MS) return { verdict, milliseconds, busy: milliseconds };
  const { user, system } = process.cpuUsage(cpu);
  return { verdict, milliseconds, busy: Math.min(milliseconds, (user + system) / 1000) };
}
