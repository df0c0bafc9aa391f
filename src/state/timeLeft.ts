/**
 * Progress of a list of tasks and the time it still takes: each codec's own mean so far, the mean
 * of all where a codec has not been timed.
 */
export class TimeLeft {
  private readonly total: number;
  private readonly waiting = new Map<string, number>();
  private readonly timed = new Map<string, { sum: number; count: number }>();
  private part = 0;
  private last: number;

  constructor(
    codecs: readonly string[],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.total = codecs.length;
    for (const codec of codecs) this.waiting.set(codec, (this.waiting.get(codec) ?? 0) + 1);
    this.last = now();
  }

  /** A share of the present task is done. */
  working(part: number): void {
    this.part = Math.min(1, part);
  }

  /** A task has ended; what took no work says nothing of the time that others take. */
  finish(codec: string, free: boolean): void {
    this.waiting.set(codec, Math.max(0, (this.waiting.get(codec) ?? 0) - 1));
    this.part = 0;
    const at = this.now();
    if (!free) {
      const { sum, count } = this.timed.get(codec) ?? { sum: 0, count: 0 };
      this.timed.set(codec, { sum: sum + at - this.last, count: count + 1 });
    }
    this.last = at;
  }

  /** 0..1 */
  done(): number {
    return this.total === 0 ? 1 : Math.min(1, 1 - (this.left() - this.part) / this.total);
  }

  /** Undefined until something has been timed. */
  secondsLeft(): number | undefined {
    const all = [...this.timed.values()];
    const count = all.reduce((sum, one) => sum + one.count, 0);
    if (count === 0) return undefined;
    const mean = all.reduce((sum, one) => sum + one.sum, 0) / count;
    let milliseconds = -this.part * mean;
    for (const [codec, waiting] of this.waiting) {
      const own = this.timed.get(codec);
      milliseconds += waiting * (own ? own.sum / own.count : mean);
    }
    return Math.max(0, milliseconds / 1000);
  }

  private left(): number {
    return [...this.waiting.values()].reduce((sum, count) => sum + count, 0);
  }
}
