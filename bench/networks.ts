import * as tf from '@tensorflow/tfjs-core';
import { hyperAnalysis } from '../src/nn/hyper';
import type { Model } from '../src/nn/models';
import { analysisTransform, synthesisTransform } from '../src/nn/transforms';

/** Rate position at which G is run. */
export const POSITION = 2;

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

async function timed(run: () => tf.Tensor, runs: number, warmUp: number) {
  const times: number[] = [];
  for (let i = -warmUp; ; i++) {
    const start = performance.now();
    const result = run();
    const values = (await result.data()) as Float32Array;
    if (i >= 0) times.push(performance.now() - start);
    const last = i === runs - 1;
    const kept = last ? values.slice() : values;
    result.dispose();
    if (last) return { ms: median(times), values: kept };
  }
}

/** E with hyper-analysis, and G of E's latents, on an image in 0..1 [side, side, bands]. */
export async function networkTimes(
  model: Model,
  onGrid: Float32Array,
  side: number,
  runs: number,
  warmUp: number,
): Promise<Networks> {
  const net = model.network();
  const image = tf.tensor4d(onGrid, [1, side, side, net.spec.bands]);
  const analysis = await timed(
    () => {
      const y = analysisTransform(net, image);
      hyperAnalysis(net, y).dispose();
      return y;
    },
    runs,
    warmUp,
  );
  const latents = analysisTransform(net, image);
  const synthesis = await timed(() => synthesisTransform(net, latents, POSITION), runs, warmUp);
  tf.dispose([image, latents]);
  return {
    analysisMs: analysis.ms,
    synthesisMs: synthesis.ms,
    latents: analysis.values,
    image: synthesis.values,
  };
}
