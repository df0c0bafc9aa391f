import { HscError } from '../../core/errors';
import { ErrorFeedback } from './errorFeedback';
import { levelOf, magnitudeOf } from './levels';
import type { PlaneParameters } from './parameters';
import { MEAN_MAGNITUDE, PlaneHistory } from './planeHistory';
import type { ResidualCoder } from './residualCoder';
import { CONSTANT, closeRow, openRow, TAP, WEIGHT_ONE } from './taps';

/** Errors are kept in this part of the plane's scale. */
const ERROR_PARTS = 16;
const MAX_ERROR = 127;
const MAX_MAGNITUDE = 1023;

/**
 * Predicts and codes the samples of one plane after the other, row by row. The same walk writes
 * and reads: a writing {@link ResidualCoder} returns what it is given, a reading one what the
 * stream holds. All arithmetic is on integers, exact in doubles.
 */
export class PlaneCoder {
  readonly history: PlaneHistory;
  private readonly feedback: ErrorFeedback;
  /** What the planes before say of a row, in 1 / 256. */
  private readonly base: Float64Array;
  private z = -1;
  private parameters: PlaneParameters = { low: 0, high: 0, scaleLevel: 0, weights: [] };

  /** Throws `limit` where memory does not suffice. */
  constructor(
    width: number,
    height: number,
    planes: number,
    private readonly residuals: ResidualCoder,
  ) {
    this.history = new PlaneHistory(width, height, planes);
    this.feedback = new ErrorFeedback(this.history);
    this.base = new Float64Array(width);
  }

  /** Goes on to the next plane. One of a single value is complete with that. */
  begin(parameters: PlaneParameters): void {
    this.parameters = parameters;
    this.z++;
    if (parameters.low === parameters.high) this.history.fillConstant(this.z, parameters.low);
    else this.feedback.begin(this.z);
  }

  /**
   * Codes row y of the current plane: the samples in {@link history} are written, or read into it.
   * Throws `bitstream`, `truncated` for a damaged stream.
   */
  codeRow(y: number): void {
    const { history, z } = this;
    const { width, stride, origin, magnitudes } = history;
    const row = origin + y * stride;
    const magnitudeRow = history.magnitudePlane(z) + row;
    magnitudes.fill(MEAN_MAGNITUDE, magnitudeRow - 2, magnitudeRow);
    openRow(history, z, y);
    this.predictFromBefore(row);
    this.codeSamples(row, y === 0);
    closeRow(history, z, y);
    magnitudes.fill(magnitudes[magnitudeRow], magnitudeRow - 2, magnitudeRow);
    const last = magnitudeRow + width - 1;
    magnitudes.fill(magnitudes[last], last + 1, last + 3);
  }

  private predictFromBefore(row: number): void {
    const { history, base, z } = this;
    const { weights } = this.parameters;
    base.fill(weights[TAP.constant] * CONSTANT);
    const before = history.samplePlane(z - 1) + row;
    const above = before - history.stride;
    this.addPlane(weights[TAP.before], before);
    this.addPlane(weights[TAP.beforeWest], before - 1);
    this.addPlane(weights[TAP.beforeNorth], above);
    this.addPlane(weights[TAP.beforeNorthEast], above + 1);
    this.addPlane(weights[TAP.beforeNorthWest], above - 1);
    for (let tap: number = TAP.further; tap < weights.length; tap++) {
      this.addPlane(weights[tap], history.samplePlane(z - 2 - (tap - TAP.further)) + row);
    }
  }

  private addPlane(weight: number | undefined, start: number): void {
    if (!weight) return;
    const { base } = this;
    const { samples } = this.history;
    for (let x = 0; x < base.length; x++) base[x] += weight * samples[start + x];
  }

  private codeSamples(row: number, first: boolean): void {
    const { base, feedback, history, residuals, z } = this;
    const { low, high, scaleLevel, weights } = this.parameters;
    const { samples, errors, magnitudes, stride, width } = history;
    const forWest = weights[TAP.west] ?? 0;
    const forNorth = weights[TAP.north] ?? 0;
    const forNorthEast = weights[TAP.northEast] ?? 0;
    const forNorthWest = weights[TAP.northWest] ?? 0;
    const scale = magnitudeOf(scaleLevel);
    const lowest = low * WEIGHT_ONE;
    const highest = high * WEIGHT_ONE;
    const sampleRow = history.samplePlane(z) + row;
    const errorRow = history.errorPlane(z) + row;
    const magnitudeRow = history.magnitudePlane(z) + row;
    const beforeRow = history.magnitudePlane(z - 1) + row;

    for (let x = 0; x < width; x++) {
      const at = sampleRow + x;
      const west = samples[at - 1];
      const north = first ? west : samples[at - stride];
      const northEast = first ? west : samples[at - stride + 1];
      const northWest = first ? west : samples[at - stride - 1];
      const linear =
        base[x] +
        forWest * west +
        forNorth * north +
        forNorthEast * northEast +
        forNorthWest * northWest;
      const correction = Math.floor((scale * (feedback.expect(row + x) >> 8)) / 4096);
      const prediction = Math.min(highest, Math.max(lowest, linear + correction));
      const rounded = Math.floor((prediction + 128) / 256);
      const phase = (prediction + 128 - rounded * 256) >> 6;

      const m = magnitudeRow + x;
      const b = beforeRow + x;
      const activity =
        2 * (magnitudes[m - 1] + magnitudes[m - stride] + magnitudes[b]) +
        magnitudes[m - stride - 1] +
        magnitudes[m - stride + 1] +
        magnitudes[m - 2] +
        magnitudes[m - 2 * stride] +
        magnitudes[b - 1] +
        magnitudes[b + 1] +
        magnitudes[b - stride] +
        magnitudes[b + stride];
      const level = levelOf(Math.floor((activity * scale) / 8192));
      const sample = rounded + residuals.code(level, phase, samples[at] - rounded);
      if (sample < low || sample > high) {
        throw new HscError('bitstream', 'The .hsc file holds an impossible sample: it is damaged.');
      }
      samples[at] = sample;

      const error = Math.floor(
        (ERROR_PARTS * (WEIGHT_ONE * sample - prediction) + (scale >> 1)) / scale,
      );
      const clipped = Math.min(MAX_ERROR, Math.max(-MAX_ERROR, error));
      feedback.learn(clipped);
      errors[errorRow + x] = clipped;
      magnitudes[m] = Math.min(MAX_MAGNITUDE, Math.abs(error));
    }
  }
}
