/** One way of coding a component. */
export interface RatePoint {
  readonly bytes: number;
  /** Sum of squared errors. */
  readonly error: number;
}

export interface Component<P extends RatePoint> {
  /** Ascending in bytes, descending in error; the first sends nothing. */
  readonly points: readonly P[];
  /** Sum of squared errors where the decoder does not know of the component. */
  readonly unknownError: number;
}

export interface Allocation<P extends RatePoint> {
  /** A point for each of the first components; the others are left out. */
  readonly picks: readonly P[];
  /** Sum of squared errors of all components. */
  readonly error: number;
}

/** Sizes are told apart up to this many; beyond, bytes count in equal units, rounded up. */
const MAX_UNITS = 8192;

/** Keeps the points that no other one beats in bytes and error. */
export function efficient<P extends RatePoint>(points: readonly P[]): P[] {
  const kept: P[] = [];
  for (const point of [...points].sort((a, b) => a.bytes - b.bytes || a.error - b.error)) {
    if (kept.length === 0 || point.error < kept[kept.length - 1].error) kept.push(point);
  }
  return kept;
}

/**
 * The choice of points, and of how many components to send, that has the least error within a
 * budget: exact, by dynamic programming over bytes. `overhead[k]` bytes are spent where the first
 * k components are sent. Where nothing fits, nothing is sent.
 */
export function allocate<P extends RatePoint>(
  components: readonly Component<P>[],
  budget: number,
  overhead: readonly number[],
): Allocation<P> {
  const unit = Math.max(1, Math.ceil(budget / MAX_UNITS));
  const size = Math.max(0, Math.floor(budget / unit));
  const { least, chosen } = tables(components, size, unit);
  let unknown = components.reduce((sum, { unknownError }) => sum + unknownError, 0);
  let best = { count: 0, at: 0, error: unknown };
  for (let count = 1; count <= components.length; count++) {
    unknown -= components[count - 1].unknownError;
    const at = size - Math.ceil(overhead[count] / unit);
    if (at < 0) break;
    const error = least[count][at] + unknown;
    if (error < best.error) best = { count, at, error };
  }
  const picks: P[] = [];
  let at = best.at;
  for (let k = best.count - 1; k >= 0; k--) {
    const point = components[k].points[chosen[k][at]];
    picks.unshift(point);
    at -= Math.ceil(point.bytes / unit);
  }
  return { picks, error: best.error };
}

/** `least[k][t]`: least error of the first k components in t units; `chosen[k][t]`: by which point. */
function tables<P extends RatePoint>(
  components: readonly Component<P>[],
  size: number,
  unit: number,
) {
  const least = [new Float64Array(size + 1)];
  const chosen: Uint16Array[] = [];
  for (const { points } of components) {
    const before = least[least.length - 1];
    const now = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const by = new Uint16Array(size + 1);
    for (const [index, { bytes, error }] of points.entries()) {
      const units = Math.ceil(bytes / unit);
      for (let t = units; t <= size; t++) {
        const total = before[t - units] + error;
        if (total < now[t]) {
          now[t] = total;
          by[t] = index;
        }
      }
    }
    least.push(now);
    chosen.push(by);
  }
  return { least, chosen };
}
