import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobTime } from './jobTime';

function timed(begun = 0) {
  let at = 500;
  const job = new JobTime(() => at, begun);
  const after = (ms: number, done: number) => {
    at = 500 + ms;
    job.report(done);
    return job.secondsLeft();
  };
  const hold = (ms: number, paused: boolean) => {
    at = 500 + ms;
    job.hold(paused);
    return job.secondsLeft();
  };
  return { after, hold };
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

  it('is right where it is first watched midway', () => {
    const { after } = timed(0.5);
    expect(after(10_000, 0.6)).toBeCloseTo(40);
    expect(after(20_000, 0.7)).toBeCloseTo(30);
  });

  it('is said of long jobs before much is done', () => {
    const { after } = timed();
    expect(after(15_000, 0.02)).toBeUndefined();
    expect(after(30_000, 0.03)).toBeCloseTo(970);
  });

  it('stands still while the job does', () => {
    const { after, hold } = timed();
    expect(after(10_000, 0.5)).toBeCloseTo(10);
    expect(hold(10_000, true)).toBeCloseTo(10);
    expect(hold(70_000, true)).toBeCloseTo(10);
    expect(hold(100_000, false)).toBeCloseTo(10);
    expect(after(105_000, 0.75)).toBeCloseTo(5);
  });

  it('does not jump by one hasty report, nor below nothing', () => {
    const { after } = timed();
    expect(after(2000, 0.1)).toBeCloseTo(18);
    expect(after(2100, 0.9)).toBeGreaterThan(10);
    expect(after(60_000, 1)).toBeGreaterThanOrEqual(0);
  });
});
