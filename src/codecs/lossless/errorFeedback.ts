import { ERROR_REACH, type PlaneHistory } from './planeHistory';

/** Places of the neighbours from which errors are fed back, in columns and rows. */
const AROUND = [
  [-1, 0],
  [0, -1],
  [1, -1],
  [-1, -1],
  [1, 0],
  [0, 1],
  [-1, 1],
  [1, 1],
] as const;
const CAUSAL = 4;
const INPUTS = AROUND.length + CAUSAL + ERROR_REACH;

/** Weights are in 2^-16 and stay within ±8. */
const MAX_WEIGHT = 2 ** 19;
const LEARNING_SHIFT = 4;

/**
 * The adaptive half of the prediction: what the errors of neighbouring samples say of the next
 * one, by least mean squares (Widrow and Hoff). Errors are in units of their plane's scale, so one
 * learning rate serves all; weights live on from plane to plane.
 */
export class ErrorFeedback {
  private readonly weights = new Int32Array(INPUTS);
  private readonly inputs = new Int32Array(INPUTS);
  private readonly offsets = new Int32Array(INPUTS);
  private count = 0;

  constructor(private readonly history: PlaneHistory) {}

  /** Chooses the inputs of plane z: those planes before it that exist, and itself. */
  begin(z: number): void {
    const { history, offsets } = this;
    const place = ([dx, dy]: readonly [number, number]) => dy * history.stride + dx;
    const before = history.errorPlane(z - 1);
    const current = history.errorPlane(z);
    let count = 0;
    for (const shift of AROUND) offsets[count++] = before + place(shift);
    for (const shift of AROUND.slice(0, CAUSAL)) offsets[count++] = current + place(shift);
    for (let back = 1; back <= Math.min(ERROR_REACH, z); back++) {
      offsets[count++] = history.errorPlane(z - back);
    }
    this.count = count;
  }

  /** Expected error of the sample at a place of its plane, in 2^-20 of the plane's scale. */
  expect(at: number): number {
    const { weights, inputs, offsets, count } = this;
    const { errors } = this.history;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const input = errors[offsets[i] + at];
      inputs[i] = input;
      sum = (sum + Math.imul(weights[i], input)) | 0;
    }
    return sum;
  }

  /** Learns from the error that the sample of the last {@link expect} had. */
  learn(error: number): void {
    const { weights, inputs, count } = this;
    if (error === 0) return;
    for (let i = 0; i < count; i++) {
      const weight = weights[i] + (Math.imul(error, inputs[i]) >> LEARNING_SHIFT);
      weights[i] = weight > MAX_WEIGHT ? MAX_WEIGHT : weight < -MAX_WEIGHT ? -MAX_WEIGHT : weight;
    }
  }
}
