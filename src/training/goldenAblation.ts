/** For tests: networks of the ablation beside PyTorch's (`training/hsc_training/golden_ablation.py`). */
import * as tf from '@tensorflow/tfjs-core';
import { parseSafetensors } from '../core/safetensors';
import { type ArchitectureSpec, presetSpec } from '../nn/spec';
import { ablationSpec } from './ablationSpec';
import { fidelityStep } from './fidelity';
import { type Deviation, device, floats, gradientDeviation, type Tensors } from './goldenTerms';
import { disposeStep } from './step';
import { TrainingWeights, trainingShapes } from './trainingWeights';
import type { Placement } from './types';
import { INDEX_UNIT } from './units';

/** The rate position of the golden file. */
export const POSITION = 4;
const TERMS = ['rate', 'hyperRate', 'distortion'] as const;

/** One placement's tiny network on the current backend. */
export class GoldenAblation {
  readonly net: { readonly spec: ArchitectureSpec; readonly weights: TrainingWeights };
  readonly images: tf.Tensor4D;
  private readonly expected: Tensors;

  /** `file`: `golden/ablation.safetensors`. */
  constructor(
    file: Uint8Array,
    private readonly placement: Placement,
  ) {
    this.expected = parseSafetensors(file).tensors;
    const { name, se, conv3d } = ablationSpec('vnir-128', placement);
    const context = { slices: 1, width: 8, sliceWidth: 8 };
    const tiny = { ...presetSpec('tiny', 'hific-opt'), bypass: null, frame: null, context };
    const spec = { ...tiny, name, se, conv3d };
    const names = [...trainingShapes(spec).keys()];
    const parameters = new Map(names.map((own) => [own, this.value(own)] as const));
    const ones = () => new Float32Array(spec.latentChannels).fill(1);
    const units = { symbol: ones(), plane: null, context: ones(), index: INDEX_UNIT };
    this.net = { spec, weights: new TrainingWeights({ spec, parameters, units, frame: null }) };
    this.images = device(this.expected, 'image');
  }

  /** A tensor of the placement. */
  value(name: string) {
    return floats(this.expected, `${this.placement}/${name}`);
  }

  /** How far terms of the loss and gradients of all parameters are off. */
  async deviations(): Promise<Deviation[]> {
    const { net, images } = this;
    const noise = (name: string) =>
      device<tf.Tensor4D>(this.expected, `${this.placement}/draws.${name}`);
    const draws = {
      positions: [POSITION],
      latentNoise: noise('latent_noise'),
      hyperNoise: noise('hyper_noise'),
    };
    const step = fidelityStep(net, images, draws, [...trainingShapes(net.spec).keys()]);
    try {
      const first = async (tensor: tf.Tensor | undefined) => (await tensor?.data())?.[0] ?? 0;
      const loss = (await first(step.terms.loss)) + (await first(step.terms.attention));
      const found = [this.off('loss', loss)];
      for (const term of TERMS) found.push(this.off(term, await first(step.terms[term])));
      for (const [parameter, gradient] of step.gradients) {
        if (!this.expected.has(`${this.placement}/gradients.${parameter}`)) continue;
        const { data } = this.value(`gradients.${parameter}`);
        const sizes = this.value(`sizes.${parameter}`).data;
        const values = await gradient.data<'float32'>();
        found.push({ term: 'loss', parameter, error: gradientDeviation(values, data, sizes) });
      }
      return found;
    } finally {
      disposeStep(step);
      tf.dispose([draws.latentNoise, draws.hyperNoise]);
    }
  }

  /** Parameters that PyTorch's gradient reaches. */
  get reached(): readonly string[] {
    const prefix = `${this.placement}/gradients.`;
    return [...this.expected.keys()].flatMap((name) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    );
  }

  dispose(): void {
    this.images.dispose();
    this.net.weights.dispose();
  }

  private off(term: string, value: number): Deviation {
    const [expected] = this.value(`terms.${term}`).data;
    return { term, parameter: '', error: Math.abs(value / expected - 1) };
  }
}
