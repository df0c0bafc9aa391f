import { beforeAll, describe, expect, it } from 'vitest';
import { decodeWeightDelta, encodeWeightDelta } from '../core/bitstream/weightDelta';
import type { Tensor } from '../core/safetensors';
import { Random } from '../core/samples/random';
import { type ModelFile, parseModelFile } from './modelFile';
import { goldenBytes, localWeights } from './testing';
import { changedParameters, isDecoderSide, weightDelta } from './weightDelta';

const NAME = 'tiny-hific-se';
let base: ModelFile;
beforeAll(async () => {
  base = await parseModelFile(goldenBytes(NAME));
});

/** Weights some of whose tensors are moved at random. */
function moved(names: (name: string) => boolean, by = 0.02): Promise<ModelFile> {
  const random = new Random(5);
  const weights = localWeights(NAME, {}, (tensors) => {
    for (const [name, tensor] of tensors) {
      if (names(name)) tensors.set(name, movedTensor(tensor, random, by));
    }
  });
  return parseModelFile(weights);
}

function movedTensor(tensor: Tensor, random: Random, by: number): Tensor {
  const data = Float32Array.from(tensor.data, (value) => value + by * random.normal());
  return { ...tensor, data };
}

const bytesOf = (delta: Uint8Array | undefined) => delta ?? expect.fail('nothing is changed');

describe('weightDelta', () => {
  it('brings every tensor of the decoder close to the tuned one, in few bits', async () => {
    const tuned = await moved(isDecoderSide);
    const delta = bytesOf(weightDelta(base, tuned));
    const changed = changedParameters(base, delta);
    let values = 0;
    for (const [name, { data }] of tuned.parameters) {
      const was = base.parameters.get(name)?.data ?? [];
      const now = changed.get(name)?.data ?? [];
      if (!isDecoderSide(name)) {
        expect(now).toBe(was);
        continue;
      }
      values += data.length;
      let square = 0;
      for (let i = 0; i < data.length; i++) square += (data[i] - was[i]) ** 2;
      // Steps are within a factor of √2 of the root mean square; values are rounded to the nearest.
      const largest = 0.75 * Math.sqrt(square / data.length);
      for (let i = 0; i < data.length; i++) {
        expect(Math.abs(now[i] - data[i])).toBeLessThan(largest);
      }
    }
    expect((8 * delta.length) / values).toBeLessThan(2.6);
  });

  it('holds what changed, nothing else', async () => {
    const [first, second] = ['bypass.synthesis.klt.bias', 'generator.norm_in.gain'];
    const delta = bytesOf(weightDelta(base, await moved((name) => [first, second].includes(name))));
    const targets = [...base.parameters].filter(([name]) => isDecoderSide(name)).sort();
    const shapes = targets.map(([, tensor]) => tensor);
    const names = decodeWeightDelta(delta, shapes).map(({ tensor }) => targets[tensor][0]);
    expect(names).toEqual([first, second]);
    expect(weightDelta(base, base)).toBeUndefined();
  });

  it('leaves E to the encoder, which no decoder has to know', async () => {
    expect(weightDelta(base, await moved((name) => name.startsWith('encoder.')))).toBeUndefined();
  });

  it('has nothing to do with what codes symbols', async () => {
    const weights = localWeights(NAME, {}, (tensors) => {
      for (const name of ['tables.y.cdf', 'hyper_mean.conv1.weight', 'context.out.bias']) {
        const { data, ...rest } = tensors.get(name) ?? expect.fail(`no ${name}`);
        const other = data.slice();
        other[3] += 1;
        tensors.set(name, { ...rest, data: other });
      }
    });
    expect(weightDelta(base, await parseModelFile(weights))).toBeUndefined();
  });

  it.each(['frame.mean', 'frame.step'])('is refused where %s differs', async (name) => {
    const weights = localWeights(NAME, {}, (tensors) => {
      const tensor = tensors.get(name) ?? expect.fail(`no ${name}`);
      const data = tensor.data.slice();
      data[1] += 1;
      tensors.set(name, { ...tensor, data });
    });
    const tuned = await parseModelFile(weights);
    expect(() => weightDelta(base, tuned)).toThrow(/name them in the file/);
  });

  it('is refused where it is of another architecture', async () => {
    const other = await parseModelFile(goldenBytes('tiny-hific-opt'));
    expect(() => weightDelta(base, other)).toThrow(/name them in the file/);
  });
});

describe('changedParameters', () => {
  it('refuses values beyond what weights can be', () => {
    const targets = [...base.parameters].filter(([name]) => isDecoderSide(name)).sort();
    const shapes = targets.map(([, tensor]) => tensor);
    const steps = new Int32Array(targets[0][1].data.length).fill(2 ** 23);
    const delta = encodeWeightDelta([{ tensor: 0, exponent: 10, steps }], shapes);
    expect(() => changedParameters(base, delta)).toThrow(/beyond measure/);
  });
});
