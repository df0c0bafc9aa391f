/** A file, or an estimate of one, made at a stored rate. */
export interface RateTrial {
  /** Stored rate, 0 … 240. */
  readonly rate: number;
  readonly bytes: number;
}

export interface RateBudget {
  /** Bytes that must not be exceeded. */
  readonly bytes: number;
  /** Largest stored rate. */
  readonly highest: number;
  /** Most trials, but for steps down where none has fitted yet. */
  readonly trials: number;
}

/** By which factor files grow from one stored rate to the next, about. */
const GROWTH = 1.009;

/** A file that fills this share of its budget is as large as it gets: one step is about 1 %. */
export const FULL = 0.995;

/**
 * Looks for the largest rate whose trial stays within the budget, from the rate `start` on, taking
 * for granted that bytes grow with the rate. The trial at rate 0 is the answer where not even that
 * fits. Throws what `attempt` throws.
 */
export async function searchRate<T extends RateTrial>(
  attempt: (rate: number, trial: number) => Promise<T>,
  budget: RateBudget,
  start: number,
): Promise<T> {
  let low: T | undefined;
  let high: T | undefined;
  let rate = Math.min(budget.highest, Math.max(0, Math.round(start)));
  let gap = Number.POSITIVE_INFINITY;
  for (let count = 1; ; count++) {
    const trial = await attempt(rate, count - 1);
    if (trial.bytes <= budget.bytes) low = trial;
    else high = trial;
    const before = gap;
    gap = (high?.rate ?? budget.highest + 1) - (low?.rate ?? -1);
    if (low && (gap === 1 || low.bytes >= FULL * budget.bytes || count >= budget.trials)) {
      return low;
    }
    if (high?.rate === 0) return high;
    // Interpolation that closes in from one side only is helped by halving.
    const slow = gap > before / 2;
    rate = low && high ? between(low, high, budget.bytes, slow) : beyond(trial, budget, count);
  }
}

/** Where the logarithm of the bytes, taken as linear, meets the budget; or the middle. */
function between(low: RateTrial, high: RateTrial, bytes: number, halve: boolean): number {
  const gap = high.rate - low.rate;
  const share = halve ? 0.5 : Math.log(bytes / low.bytes) / Math.log(high.bytes / low.bytes);
  return low.rate + Math.min(gap - 1, Math.max(1, Math.floor(share * gap)));
}

/** Past where growth as usual meets the budget, the further the more often that fell short. */
function beyond({ rate, bytes }: RateTrial, budget: RateBudget, count: number): number {
  const usual = Math.log(Math.max(1, budget.bytes) / bytes) / Math.log(GROWTH);
  const least = 2 ** count;
  return usual >= 0
    ? Math.min(budget.highest, Math.ceil(rate + Math.max(usual, least)))
    : Math.max(0, Math.floor(rate + Math.min(usual, -least)));
}
