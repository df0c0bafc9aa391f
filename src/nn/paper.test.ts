import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discriminator } from './discriminator';
import { hyperAnalysis, hyperSynthesis } from './hyper';
import type { Network, Weights } from './network';
import { networkShapes, type ParameterShapes } from './parameters';
import { type ArchitectureSpec, presetSpec, VARIANTS } from './spec';
import { useBackend } from './testing';
import { analysisTransform, synthesisTransform } from './transforms';

/**
 * Small random weights in which parameters of one shape share one tensor: the paper's networks
 * then take 180 MB instead of the 750 MB of 187 million float32 parameters.
 */
class SharedWeights implements Weights {
  private readonly byShape = new Map<string, tf.Tensor>();
  private readonly shapes: ParameterShapes;
  private readonly kept = new Map<string, tf.Tensor[]>();

  constructor(spec: ArchitectureSpec) {
    this.shapes = new Map(Object.values(networkShapes(spec)).flatMap((part) => [...part]));
  }

  get<R extends tf.Rank>(name: string): tf.Tensor<R> {
    const shape = [...(this.shapes.get(name) ?? expect.fail(`no shape for ${name}`))];
    const key = shape.join();
    const tensor = this.byShape.get(key) ?? tf.keep(tf.randomNormal(shape, 0, 0.02));
    this.byShape.set(key, tensor);
    return tensor as tf.Tensor<R>;
  }

  derived<T extends tf.Tensor>(key: string, make: () => T[]): T[] {
    const tensors = this.kept.get(key) ?? tf.tidy(() => make().map((tensor) => tf.keep(tensor)));
    this.kept.set(key, tensors);
    return tensors as T[];
  }

  dispose(): void {
    tf.dispose([...this.byShape.values(), ...[...this.kept.values()].flat()]);
  }
}

describe.each(VARIANTS)('the paper preset of %s runs', (variant) => {
  const spec = presetSpec('paper', variant);
  const weights = new SharedWeights(spec);
  const net: Network = { spec, weights };
  beforeAll(() => useBackend('wasm'));
  afterAll(() => weights.dispose());

  const run = async (make: () => tf.Tensor, shape: number[]) => {
    const output = tf.tidy(make);
    expect(output.shape).toEqual(shape);
    expect((await output.data()).every(Number.isFinite)).toBe(true);
    output.dispose();
  };

  it('forwards a 32×32 image through E, P, G and D', async () => {
    const image = tf.randomUniform<tf.Rank.R4>([1, 32, 32, 369]);
    const latents = tf.randomNormal<tf.Rank.R4>([1, 2, 2, 220]);
    const z = tf.randomNormal<tf.Rank.R4>([1, 1, 1, 320]);
    await run(() => analysisTransform(net, image), [1, 2, 2, 220]);
    await run(() => hyperAnalysis(net, latents), [1, 1, 1, 320]);
    await run(() => hyperSynthesis(net, 'hyper_mean', z), [1, 4, 4, 220]);
    await run(() => hyperSynthesis(net, 'hyper_scale', z), [1, 4, 4, 220]);
    await run(() => synthesisTransform(net, latents, 0), [1, 32, 32, 369]);
    await run(() => discriminator(net, image, latents), [1, 4, 4, 1]);
    tf.dispose([image, latents, z]);
  });
});
