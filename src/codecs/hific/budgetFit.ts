import { RATE_STEPS } from '../../core/entropy/model';
import { sameNumbers } from '../../core/same';
import type { GateHook } from '../../nn/network';
import { share } from '../progress';
import type { JobContext } from '../types';
import { type ChosenFrame, FrameChoice, NO_FRAME } from './frameChoice';
import type { QuantisedTile } from './latents';
import { highestRate } from './rate';
import { FULL, type RateTrial, searchRate } from './rateSearch';
import { bitShares } from './symbolChoice';
import {
  type BudgetRequest,
  type CodingRecord,
  carriedBytes,
  type EncoderChoice,
  type FittedImage,
  Trials,
  type WeighingRequest,
} from './trials';

/** A frame chosen for a rate that is further from the one found than this is chosen again. */
const FAR = 60;

/** Images of more tiles are taken to fill their budget where they take this share of it. */
const LARGE = { tiles: 256, full: 0.98 } as const;

/** The share of the budget that a large image is led to by what some of its tiles take. */
const AIM = 0.995;

/** Most trials of the search for the rate: with some of the tiles or few, and with many. */
const TRIALS = { cheap: 8, dear: 4 } as const;

/** Files of lower rates do not look more like the original for moved latents: docs/decisions.md. */
const LEAST_MOVED = 0.5 * RATE_STEPS;

/** Bytes of a small file beside frame and tiles. */
const HEADER_BYTES = 22;

/**
 * Codes an image as well as the budget allows: spectral frame, latents, and the largest rate that
 * fits. The answer is over the budget where not even rate 0 fits. `record` keeps what is coded, and
 * what it kept of an earlier run is taken over. Throws read errors, `aborted`, and `device` where the
 * backend computes no numbers.
 */
export async function fitToBudget(
  request: BudgetRequest,
  job: JobContext,
  record?: CodingRecord,
): Promise<FittedImage> {
  const begun = record?.before;
  if (begun) {
    const own = { ...request, bitShare: begun.bitShare };
    return fitWhole(own, new Trials(own, begun.frame), begun.rate, job, record);
  }
  if (!request.critic) return fitPlainly(request, job, record);
  const plain = await fitPlainly({ ...request, critic: undefined }, share(job, 0, 0.2));
  if (plain.rate < LEAST_MOVED) return plain;
  const moved = await fitByLooks(
    { ...request, bitShare: plain.bitShare },
    plain,
    share(job, 0.2, 1),
  );
  return moved.bytes <= request.bytes ? moved : plain;
}

/** {@link fitToBudget} by squared error alone. */
async function fitPlainly(
  request: BudgetRequest,
  job: JobContext,
  record?: CodingRecord,
): Promise<FittedImage> {
  const shares = bitSharesOf(request);
  const choice = await FrameChoice.of(request.model.file, request.image, share(job, 0, 0.1));
  const part = parts(share(job, 0.1, 1), shares.length);
  let fitted: FittedImage | undefined;
  for (const [n, bitShare] of shares.entries()) {
    const own = { ...request, bitShare };
    const judged = await judge(own, choice, share(part(n), 0, 0.4));
    fitted =
      'tiles' in judged.trial
        ? judged.trial
        : await fitWhole(own, judged.trials, judged.trial.rate, share(part(n), 0.4, 1), record);
    if (fitted.bytes <= request.bytes) break;
  }
  return fitted as FittedImage;
}

/** Codes an image anew with its latents moved, at the rate that it then fits by. */
async function fitByLooks(
  request: WeighingRequest,
  { frame, rate }: EncoderChoice,
  job: JobContext,
): Promise<FittedImage> {
  const trials = new Trials(request, frame);
  await trials.moveLatents(rate, share(job, 0, 0.9));
  const last = share(job, 0.9, 1);
  if (trials.many) return fitWhole(request, trials, rate, last, undefined);
  const budget = { ...budgetOf(request), trials: TRIALS.cheap };
  const part = parts(last, budget.trials);
  return searchRate((at, n) => trials.whole(at, part(n)), budget, rate);
}

/** What {@link fitToBudget} would begin with, judged by some tiles alone of a large image. */
export async function judgeImage(request: BudgetRequest, job: JobContext): Promise<EncoderChoice> {
  const choice = await FrameChoice.of(request.model.file, request.image, share(job, 0, 0.2));
  const shares = bitSharesOf(request);
  const part = parts(share(job, 0.2, 1), shares.length);
  let best: EncoderChoice | undefined;
  for (const [n, bitShare] of shares.entries()) {
    const { trial, trials } = await judge({ ...request, bitShare }, choice, part(n));
    best = { rate: trial.rate, frame: trials.frame, bitShare };
    if (trial.bytes <= request.bytes) break;
  }
  return best as EncoderChoice;
}

function bitSharesOf({ plainRounding, model }: BudgetRequest): readonly number[] {
  return plainRounding ? [0] : bitShares(model.file.stage);
}

/**
 * Codes tiles of an image by choices made before, in the order given; `onTile` hears of each. Throws
 * as {@link fitToBudget}.
 */
export async function codeTiles(
  request: Omit<BudgetRequest, 'bytes'>,
  { rate, frame, bitShare }: EncoderChoice,
  indices: readonly number[],
  job: JobContext,
  onTile: (index: number, tile: QuantisedTile) => Promise<void>,
): Promise<void> {
  await new Trials({ ...request, bitShare }, frame).quantise(indices, rate, job, onTile);
}

/**
 * Codes an image by choices made before, such as another coding of it ended with, whatever bytes it
 * takes. `onGate` hears, and may replace, the gates of E. Throws as {@link fitToBudget}.
 */
export async function codeAsChosen(
  request: Omit<BudgetRequest, 'bytes'>,
  { rate, frame, bitShare }: EncoderChoice,
  job: JobContext,
  onGate?: GateHook,
): Promise<FittedImage> {
  return new Trials({ ...request, bitShare }, frame, onGate).whole(rate, job);
}

/** An image so far: how its tiles are coded, and its file or an estimate of one. */
interface Judged {
  readonly trials: Trials;
  /** Has its tiles where all of them were looked at. */
  readonly trial: FittedImage | RateTrial;
}

/** Looks for the frame and the rate at which the image, or what some of its tiles say of it, fits. */
async function judge(
  request: WeighingRequest,
  choice: FrameChoice,
  job: JobContext,
): Promise<Judged> {
  const { header, bytes, model } = request;
  const symbolBytes = Math.max(0, bytes - HEADER_BYTES - carriedBytes(model));
  const guess = choice.guessRate((8 * symbolBytes) / (header.width * header.height));
  const frame = choice.at(guess);
  let judged = await judgeIn(request, frame, guess, share(job, 0, 0.65));
  if (Math.abs(judged.trial.rate - guess) > FAR) {
    const better = choice.at(judged.trial.rate);
    if (!sameNumbers(better.bytes, frame.bytes)) {
      judged = await judgeIn(request, better, judged.trial.rate, share(job, 0.65, 0.85));
    }
  }
  if (judged.trial.bytes <= bytes || judged.trials.frame.bytes.length === 0) return judged;
  // Where not even the lowest rate fits, the frame's own bytes may be too many.
  const plain = await judgeIn(request, NO_FRAME, judged.trial.rate, share(job, 0.85, 1));
  return plain.trial.bytes < judged.trial.bytes ? plain : judged;
}

/** {@link judge} in one frame, from a rate on. */
async function judgeIn(
  request: WeighingRequest,
  frame: ChosenFrame,
  start: number,
  job: JobContext,
): Promise<Judged> {
  const trials = new Trials(request, frame);
  const budget = { ...budgetOf(request), trials: TRIALS.cheap };
  await trials.prepare(share(job, 0, 0.7));
  const part = parts(share(job, 0.7, 1), budget.trials);
  const attempt = (rate: number, n: number): Promise<FittedImage | RateTrial> =>
    trials.many ? trials.judged(rate, part(n)) : trials.whole(rate, part(n));
  return { trials, trial: await searchRate(attempt, budget, start) };
}

/**
 * Codes a large image at the largest rate that fits, looked for from `rate` on: what some tiles take at
 * other rates tells what all will take, once it is known how many times as much that is.
 */
async function fitWhole(
  request: WeighingRequest,
  trials: Trials,
  rate: number,
  job: JobContext,
  record: CodingRecord | undefined,
): Promise<FittedImage> {
  const { bytes, highest } = budgetOf(request);
  const full = trials.count > LARGE.tiles ? LARGE.full : FULL;
  // Most images take two: the first tells how far off the judgement was.
  const part = parts(job, 2);
  const tried = new Set<number>();
  let best: FittedImage | undefined;
  for (let n = 0, at = rate; ; n++) {
    const trial = await trials.whole(at, part(n), record);
    tried.add(at);
    const fits = trial.bytes <= bytes;
    if (fits && trial.rate > (best?.rate ?? -1)) best = trial;
    if ((fits && (trial.bytes >= full * bytes || at === highest)) || (!fits && at === 0)) {
      return best ?? trial;
    }
    if (best && n + 1 >= TRIALS.dear) return best;
    const times = trial.bytes / (await trials.judged(at, { signal: job.signal })).bytes;
    const aim = { bytes: (AIM * bytes) / times, highest, trials: TRIALS.cheap };
    const judge = (other: number) => trials.judged(other, { signal: job.signal });
    const next = (await searchRate(judge, aim, at)).rate;
    at = fits ? Math.max(at + 1, next) : Math.min(at - 1, next);
    if (best && tried.has(at)) return best;
  }
}

function budgetOf({ bytes, model }: WeighingRequest) {
  return { bytes, highest: highestRate(model.file.spec.targetRates.length) };
}

/** The progress of one of several trials; those beyond the number expected report the end. */
function parts(job: JobContext, count: number): (trial: number) => JobContext {
  const at = (trial: number) => Math.min(1, trial / count);
  return (trial) => share(job, at(trial), at(trial + 1));
}
