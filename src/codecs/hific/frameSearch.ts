import {
  type FrameSymbols,
  frameBits,
  frameStep,
  frameValues,
  PRECISIONS,
} from '../../core/entropy/frameCoder';
import { roundToSymbol } from '../../core/entropy/latentCoder';
import type { EntropyModel, FrameModel } from '../../core/entropy/model';
import { dot, type Rows, symmetricEigen } from '../../core/linear/matrix';
import { pivotsOf, rotationOf, type SpectralFrame } from './frame';
import { DC_GAIN, type FrameStatistics, totalCovariance, varianceAlong } from './frameStatistics';

/** What an image costs at best in a frame, by rate–distortion theory of Gaussian coefficients. */
interface Cost {
  /** Bits per pixel. */
  readonly rate: number;
  /** Squared error a pixel, in standardised units. */
  readonly distortion: number;
}

/**
 * Cost of an image's coordinates in a frame: every coefficient is quantised to the squared error at
 * which one more bit saves `lambda`, and coded at 0.5 log2(1 + variance / error) bits.
 */
function costIn(
  { zones, mean }: FrameStatistics,
  { rotation, shift }: SpectralFrame,
  lambda: number,
): Cost {
  const error = lambda / (2 * Math.LN2);
  const offset = mean.map((value, k) => DC_GAIN * (value - shift[k]));
  let rate = 0;
  let distortion = 0;
  for (const [zone, { share, covariance }] of zones.entries()) {
    for (const row of rotation) {
      const direct = zone === 0 ? dot(row, offset) ** 2 : 0;
      const variance = Math.max(0, varianceAlong(covariance, row) + direct);
      rate += (share / 2) * Math.log2(1 + variance / error);
      distortion += (share * variance * error) / (variance + error);
    }
  }
  return { rate, distortion };
}

/** The coordinates as they are. */
function noFrame(components: number): SpectralFrame {
  const rotation = Array.from({ length: components }, (_, i) =>
    Float64Array.from({ length: components }, (_, j) => (i === j ? 1 : 0)),
  );
  return { rotation, shift: new Float64Array(components) };
}

/** Bits per pixel of an image without a frame, by the same theory. */
export function theoreticalRate(statistics: FrameStatistics, lambda: number): number {
  return costIn(statistics, noFrame(statistics.mean.length), lambda).rate;
}

/** A frame under trial and its whole cost, the side information's bits included. */
interface Trial {
  readonly symbols: FrameSymbols;
  readonly cost: number;
}

/**
 * Chooses the spectral frame of an image of so many pixels at a Lagrange multiplier: the number of
 * principal axes and the precision of each, greedily, by the cost of the image in the frame as the
 * file would hold it. Undefined where the image is cheapest without one.
 */
export function searchFrame(
  model: EntropyModel,
  statistics: FrameStatistics,
  lambda: number,
  pixels: number,
): FrameSymbols | undefined {
  const { frame } = model;
  if (!frame) return undefined;
  const plain = costIn(statistics, noFrame(frame.components), lambda);
  let best: { symbols?: FrameSymbols; cost: number } = {
    cost: plain.distortion + lambda * plain.rate,
  };
  const { axes, variances } = principalAxes(statistics, frame.rows);
  const search = new RowSearch(model, frame, statistics, lambda, pixels);
  let chosen: FrameSymbols = { precision: [], symbols: [] };
  for (const [i, exact] of [statistics.mean, ...axes].entries()) {
    // An error of the mean counts once; one of an axis, times the variance along it.
    const found = search.bestWith(chosen, exact, i === 0 ? 1 : variances[i - 1]);
    if (!found) break;
    chosen = found.symbols;
    if (found.cost < best.cost) best = found;
  }
  return best.symbols;
}

/** Leading axes of the image's spectra, each positive at its pivot, and variances along them. */
function principalAxes(statistics: FrameStatistics, count: number) {
  const { values, vectors } = symmetricEigen(totalCovariance(statistics));
  const axes: Rows = vectors.slice(0, count);
  const pivots = pivotsOf(axes);
  return {
    axes: axes.map((row, i) => (row[pivots[i]] < 0 ? row.map((value) => -value) : row)),
    variances: values,
  };
}

/** Finds the precision of one more row of a frame. */
class RowSearch {
  constructor(
    private readonly model: EntropyModel,
    private readonly steps: FrameModel,
    private readonly statistics: FrameStatistics,
    private readonly lambda: number,
    private readonly pixels: number,
  ) {}

  /**
   * The frame with one more row, at a precision whose neighbours are not cheaper. `variance` is
   * what an error of the row's elements is multiplied by. Undefined where the row cannot be told
   * from those before it.
   */
  bestWith(before: FrameSymbols, exact: Float64Array, variance: number): Trial | undefined {
    const row = before.symbols.length;
    const target = this.lambda / (4 * Math.LN2);
    let start = 0;
    const error = (p: number) => (frameStep(this.steps, row, p) ** 2 / 12) * variance;
    while (start < PRECISIONS - 1 && error(start) > target) start++;
    let best = this.trial(before, exact, start);
    for (const direction of [-1, 1]) {
      const first = best;
      for (let p = start + direction; p >= 0 && p < PRECISIONS; p += direction) {
        const next = this.trial(before, exact, p);
        if (best && !(next && next.cost < best.cost)) break;
        best = next;
      }
      if (best !== first) break;
    }
    return best;
  }

  private trial(before: FrameSymbols, exact: Float64Array, precision: number): Trial | undefined {
    const step = frameStep(this.steps, before.symbols.length, precision);
    const symbols: FrameSymbols = {
      precision: [...before.precision, precision],
      symbols: [...before.symbols, Int32Array.from(exact, (value) => roundToSymbol(value / step))],
    };
    const [shift, ...rows] = frameValues(this.model, symbols);
    const rotation = rotationOf(rows, shift.length);
    if (!rotation) return undefined;
    const { rate, distortion } = costIn(this.statistics, { rotation, shift }, this.lambda);
    const bits = frameBits(this.model, symbols) / this.pixels;
    return { symbols, cost: distortion + this.lambda * (rate + bits) };
  }
}
