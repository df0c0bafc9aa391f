import { share } from './progress';
import type { JobContext } from './types';

/**
 * The last of `count` ever finer choices that fits, by bisection; the first where none does. Choices fit
 * up to some one, or nearly so.
 */
export async function lastFitting(
  count: number,
  fits: (choice: number, job: JobContext) => Promise<boolean>,
  job: JobContext,
): Promise<number> {
  let [low, high] = [0, count];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const done = 1 - Math.log2(high - low) / Math.log2(count);
    if (await fits(middle, share(job, done, done))) low = middle;
    else high = middle;
  }
  return low;
}
