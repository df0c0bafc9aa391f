/** Before this the share done says too little, and most jobs have ended. */
const SILENT_MS = 1000;
const LEAST_DONE = 0.05;
/** Of a job that has gone on for so long, less says enough. */
const LONG = { ms: 20_000, least: 0.01 } as const;
/** How much a new report moves the estimate: work is not even, the figure should be calm. */
const WEIGHT = 0.3;

/** The time that one job still takes, from the share of it that is done; pauses do not count. */
export class JobTime {
  private start: number;
  private endAt: number | undefined;
  private pausedAt: number | undefined;

  /** `begun`: the share that is done already. */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly begun = 0,
  ) {
    this.start = now();
  }

  /** `done`: 0..1. */
  report(done: number): void {
    const elapsed = this.now() - this.start;
    const own = Math.min(1, done) - this.begun;
    const least = elapsed < LONG.ms ? LEAST_DONE : LONG.least;
    if (this.pausedAt !== undefined || elapsed < SILENT_MS || own < least) return;
    const endAt = this.start + (elapsed * (1 - this.begun)) / own;
    this.endAt = this.endAt === undefined ? endAt : this.endAt + WEIGHT * (endAt - this.endAt);
  }

  /** The job stands still, or goes on. */
  hold(paused: boolean): void {
    const at = this.now();
    if (paused) {
      this.pausedAt ??= at;
      return;
    }
    if (this.pausedAt === undefined) return;
    const pause = at - this.pausedAt;
    this.pausedAt = undefined;
    this.start += pause;
    if (this.endAt !== undefined) this.endAt += pause;
  }

  /** Counts down between reports; undefined while it is not known. */
  secondsLeft(): number | undefined {
    if (this.endAt === undefined) return undefined;
    return Math.max(0, (this.endAt - (this.pausedAt ?? this.now())) / 1000);
  }
}
