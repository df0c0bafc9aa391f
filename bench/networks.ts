import * as tf from '@tensorflow/tfjs-core';
import { hyperAnalysis } from '../src/nn/hyper';
import type { Model } from '../src/nn/models';
import { analysisTransform, synthesisTransform } from '../src/nn/transforms';

/** Rate position at which G is run. */
export const POSITION = 2;
/** Largest relative difference at which two runs still count as the same network. */
export const SAME = 1e-3;

/** How often something is measured, after how many calls for warming up. */
export interface Repeat {
  readonly runs: number;
  readonly warmUp: number;
}

/** Median times of the networks alone, and what they computed. */
export interface Networks {
  readonly analysisMs: number;
  readonly synthesisMs: number;
  readonly latents: Float32Array;
  readonly image: Float32Array;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Median time of `run` in milliseconds, from calls after the first `warmUp`, and what the last one gave. */
export async function timed<T>(
  run: () => Promise<T>,
  { runs, warmUp }: Repeat,
): Promise<{ readonly ms: number; readonly result: T }> {
  const times: number[] = [];
  for (let i = -warmUp; ; i++) {
    const start = performance.now();
    const result = await run();
    if (i >= 0) times.push(performance.now() - start);
    if (i === runs - 1) return { ms: median(times), result };
  }
}

/** [height · width, channels] to [channels, height · width], or back with the sizes changed round. */
export function transposed(values: Float32Array, channels: number): Float32Array {
  const pixels = values.length / channels;
  return Float32Array.from(
    values,
    (_, i) => values[(i % pixels) * channels + Math.floor(i / pixels)],
  );
}

/** Throws where `values` are not `expected` but for rounding. */
export function checkSame(who: string, values: Float32Array, expected: Float32Array): void {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  const off = values.length === expected.length ? worst / scale : Number.POSITIVE_INFINITY;
  if (!(off < SAME)) throw new Error(`${who} computes something else: off by ${off}`);
}

/** Values of what `run` makes, in memory; the tensors are gone. */
async function valuesOf(run: () => tf.Tensor): Promise<Float32Array> {
  const made = run();
  const values = (await made.data<'float32'>()).slice();
  made.dispose();
  return values;
}

/** E with hyper-analysis, and G of E's latents, on an image in 0..1 [side, side, bands]. */
export async function networkTimes(
  model: Model,
  onGrid: Float32Array,
  side: number,
  repeat: Repeat,
): Promise<Networks> {
  const net = model.network();
  const image = tf.tensor4d(onGrid, [1, side, side, net.spec.bands]);
  const analysis = await timed(
    () =>
      valuesOf(() => {
        const y = analysisTransform(net, image);
        hyperAnalysis(net, y).dispose();
        return y;
      }),
    repeat,
  );
  const latents = analysisTransform(net, image);
  const synthesis = await timed(
    () => valuesOf(() => synthesisTransform(net, latents, POSITION)),
    repeat,
  );
  tf.dispose([image, latents]);
  return {
    analysisMs: analysis.ms,
    synthesisMs: synthesis.ms,
    latents: analysis.result,
    image: synthesis.result,
  };
}
