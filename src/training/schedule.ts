const WARMUP = 10;
/** The learning rate stays for this share of the steps, then falls to {@link LAST_RATE} of it. */
const STEADY = 0.5;
const LAST_RATE = 0.02;

/** The learning rate of the step after `done`. */
export function learningRateAt(
  { learningRate, steps }: { readonly learningRate: number; readonly steps: number },
  done: number,
): number {
  const left = Math.max(0, 1 - done / steps);
  const fall = LAST_RATE + (1 - LAST_RATE) * Math.min(1, left / (1 - STEADY));
  return learningRate * Math.min(1, (done + 1) / WARMUP) * fall;
}
