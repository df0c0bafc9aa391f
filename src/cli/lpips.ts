import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import {
  COLOUR_INFRARED_NM,
  nearestBand,
  percentileStretch,
  TRUE_COLOUR_NM,
} from '../core/cube/composite';
import type { HyperspectralCube } from '../core/cube/types';
import { selectBands } from '../core/cube/window';
import { HscError, messageOf } from '../core/errors';
import type { Tensor } from '../core/safetensors';
import { readNpyHeader } from '../formats/numpy/npy';
import { Lpips } from '../nn/lpips';

const VIEWS = [TRUE_COLOUR_NM, COLOUR_INFRARED_NM];
/** As on screen: percentiles of the original that a view stretches to black and white. */
const PERCENTS = [2, 98] as const;

/** LPIPS of a cube and its reconstruction: the mean of the true-colour and colour-infrared views. */
export type Perceptual = (
  original: HyperspectralCube,
  reconstruction: HyperspectralCube,
) => Promise<number | undefined>;

/** Reads LPIPS's weights, an .npz of float32 arrays. Throws `bad-file` for anything else. */
export async function loadPerceptual(path: string): Promise<Perceptual> {
  const lpips = new Lpips(await lpipsTensors(path));
  return async (original, reconstruction) => {
    const { wavelengthsNm } = original;
    if (!wavelengthsNm) return undefined;
    let total = 0;
    for (const view of VIEWS) {
      const bands = view.map((nm) => nearestBand(wavelengthsNm, nm));
      const [a, b] = stretched(original, reconstruction, bands);
      total += await lpips.distance(a, b, original);
    }
    return total / VIEWS.length;
  };
}

function stretched(
  original: HyperspectralCube,
  reconstruction: HyperspectralCube,
  picked: readonly number[],
) {
  const [a, b] = [original, reconstruction].map(({ data, bands }) =>
    Float32Array.from(selectBands(data, bands, picked)),
  );
  const stretch = percentileStretch(a, picked.length, PERCENTS, original.noDataValue);
  return [a, b].map((samples) =>
    samples.map((value, i) => {
      const { low, high } = stretch[i % picked.length];
      return Math.min(1, Math.max(0, (value - low) / (high - low)));
    }),
  );
}

/** The arrays of an .npz as the network takes them. Throws `bad-file`. */
export async function lpipsTensors(path: string): Promise<Map<string, Tensor>> {
  const members = unzipped(path, new Uint8Array(await readFile(path)));
  const tensors = Object.entries(members).map(async ([member, bytes]) => {
    const name = member.replace(/\.npy$/, '');
    const header = await readNpyHeader(name, async (length) => bytes.subarray(0, length));
    if (header.type !== 'float32' || !header.littleEndian) {
      throw new HscError('bad-file', `${name} in ${path} is not float32.`);
    }
    const { offset, length } = header;
    const values = new Float32Array(bytes.slice(offset, offset + length).buffer);
    return [name, channelsLast(values, header.dims)] as const;
  });
  return new Map(await Promise.all(tensors));
}

function unzipped(path: string, bytes: Uint8Array) {
  try {
    return unzipSync(bytes);
  } catch (cause) {
    const text = `${path} is no .npz with the weights of LPIPS: ${messageOf(cause)}.`;
    throw new HscError('bad-file', text, { cause });
  }
}

/** PyTorch's kernel [out, in, kh, kw] → [kh, kw, in, out]; other arrays as they are. */
function channelsLast(values: Float32Array<ArrayBuffer>, dims: readonly number[]): Tensor {
  if (dims.length !== 4) return { dtype: 'F32', shape: [...dims], data: values };
  const [outputs, inputs, rows, columns] = dims;
  const data = new Float32Array(values.length);
  let from = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < rows * columns; tap++) {
        data[(tap * inputs + i) * outputs + o] = values[from++];
      }
    }
  }
  return { dtype: 'F32', shape: [rows, columns, inputs, outputs], data };
}
