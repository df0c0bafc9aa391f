/**
 * The biorthogonal 9/7 wavelet of Cohen, Daubechies and Feauveau by lifting (Daubechies and
 * Sweldens, "Factoring Wavelet Transforms into Lifting Steps", 1998, table in section 7.7), scaled
 * to be nearly orthonormal; whole-sample symmetric extension, so any length will do.
 */

const STEPS = [-1.586134342059924, -0.052980118572961, 0.882911075530934, 0.443506852043971];
const SCALE = 1.149604398860241;

/** Lines of `length` samples, `stride` apart; `count` lines, `spacing` apart, `rows` times `pitch`. */
export interface Lines {
  readonly start: number;
  readonly length: number;
  readonly stride: number;
  readonly count: number;
  readonly spacing: number;
}

/** One level in place: low-pass coefficients at even places, high-pass ones at odd places. */
export function analyseLines(data: Float32Array, lines: Lines): void {
  if (lines.length < 2) return;
  for (const [i, factor] of STEPS.entries()) lift(data, lines, 1 - (i % 2), factor);
  scale(data, lines, 0, SCALE);
  scale(data, lines, 1, 1 / SCALE);
}

/** Undoes {@link analyseLines}. */
export function synthesiseLines(data: Float32Array, lines: Lines): void {
  if (lines.length < 2) return;
  scale(data, lines, 0, 1 / SCALE);
  scale(data, lines, 1, SCALE);
  for (let i = STEPS.length - 1; i >= 0; i--) lift(data, lines, 1 - (i % 2), -STEPS[i]);
}

/** Adds to every other sample, from `first`, its two neighbours times `factor`. */
function lift(data: Float32Array, lines: Lines, first: number, factor: number): void {
  const { start, length, stride, count, spacing } = lines;
  for (let i = first; i < length; i += 2) {
    const before = i > 0 ? -stride : stride;
    const after = i + 1 < length ? stride : -stride;
    let at = start + i * stride;
    for (let line = 0; line < count; line++, at += spacing) {
      data[at] += factor * (data[at + before] + data[at + after]);
    }
  }
}

function scale(data: Float32Array, lines: Lines, first: number, factor: number): void {
  const { start, length, stride, count, spacing } = lines;
  for (let i = first; i < length; i += 2) {
    let at = start + i * stride;
    for (let line = 0; line < count; line++, at += spacing) data[at] *= factor;
  }
}
