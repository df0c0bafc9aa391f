import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobTime } from './jobTime';

function timed() {
  let at = 500;
  const job = new JobTime(() => at);
  const after = (ms: number, done: number) => {
    at = 500 + ms;
    job.report(done);
    return job.secondsLeft();
  };
  return { after };
}

describe('the time that a job still takes', () => {
  it('is not said within the first second nor before anything is done', () => {
    const { after } = timed();
    expect(after(900, 0.5)).toBeUndefined();
    expect(after(1500, 0.01)).toBeUndefined();
  });

  it('is right where work is even', () => {
    fc.assert(
      fc.property(fc.double({ min: 3, max: 1000, noNaN: true }), (seconds) => {
        const { after } = timed();
        for (const done of [0.4, 0.5, 0.9])
          expect(after(1000 * seconds * done, done)).toBeCloseTo(seconds * (1 - done), 6);
      }),
    );
  });

  it('does not jump by one hasty report, nor below nothing', () => {
    const { after } = timed();
    expect(after(2000, 0.1)).toBeCloseTo(18);
    expect(after(2100, 0.9)).toBeGreaterThan(10);
    expect(after(60_000, 1)).toBeGreaterThanOrEqual(0);
  });
});
