/** Before this the share done says too little, and most jobs have ended. */
const SILENT_MS = 1000;
const LEAST_DONE = 0.05;
/** How much a new report moves the estimate: work is not even, the figure should be calm. */
const WEIGHT = 0.3;

/** The time that one job still takes, from the share of it that is done. */
export class JobTime {
  private readonly start: number;
  private endAt: number | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.start = now();
  }

  /** `done`: 0..1. */
  report(done: number): void {
    const elapsed = this.now() - this.start;
    if (elapsed < SILENT_MS || done < LEAST_DONE) return;
    const endAt = this.start + elapsed / Math.min(1, done);
    this.endAt = this.endAt === undefined ? endAt : this.endAt + WEIGHT * (endAt - this.endAt);
  }

  /** Counts down between reports; undefined while it is not known. */
  secondsLeft(): number | undefined {
    return this.endAt === undefined ? undefined : Math.max(0, (this.endAt - this.now()) / 1000);
  }
}
