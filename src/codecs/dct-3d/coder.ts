import type { CubeInfo } from '../../core/cube/types';
import { type BitPort, CountingPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { spectralMean } from '../../core/linear/principal';
import { allBands, ownBands } from '../bands';
import { analyseBlock, synthesiseBlock } from '../cosine/blocks';
import { isOfTooFineStep } from '../cosine/coefficientCoder';
import {
  CODES,
  formatPayload,
  OCTAVES,
  parsePayload,
  sideInformationOf,
  stepOf,
} from '../cosine/payload';
import { quantised } from '../cosine/quantiser';
import { declareFamily } from '../families';
import { share } from '../progress';
import type { CodedImage, CodedPayload, SampleCoder } from '../sampleCodec';
import { squaredError } from '../squaredError';
import { lastFitting } from '../stepSearch';
import { Turns } from '../turn';
import type { CodecMeta, JobContext } from '../types';
import { codeMean, meanBeside, restoreMean } from '../wavelet-3d/meanCoding';
import { codeBlocks } from './blockCoder';
import { BLOCK, BlockGrid } from './blockGrid';

const META: CodecMeta = {
  id: 'dct-3d',
  label: '3-D DCT',
  family: 'dct',
  description:
    'The cube’s mean spectrum, then cosine transforms of blocks of 8 × 8 pixels and 8 bands, ' +
    'quantised with one step for the whole image and range coded in the context of ' +
    'neighbouring blocks. Abousleman, Marcellin and Hunt, “Compression of Hyperspectral Imagery ' +
    'Using the 3-D DCT and Hybrid DPCM/DCT”, 1995.',
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  rateRange: [0.05, 16],
  onRequest: true,
  payload: { latents: 'Coefficients', sideInformation: 'Side info: mean spectrum' },
};

const FAMILY = declareFamily({
  number: 7,
  id: META.id,
  noMap:
    'Blocks of the 3-D DCT are coded in the context of those before them in one stream, so only its length as a whole is known.',
  sideInformation: sideInformationOf,
});

/** 3-D DCT in blocks, one step for the image. */
export class Dct3dCoder implements SampleCoder {
  readonly meta = META;
  readonly family = FAMILY;

  plan(info: CubeInfo) {
    return allBands(info);
  }

  bands = ownBands;

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    budget: number,
    job: JobContext,
  ): Promise<CodedPayload> {
    const grid = gridOf(image);
    const pixels = image.width * image.height;
    const exact = spectralMean(samples, grid.volume.bands);
    const rough = analyse(samples, grid, exact);
    const octave = await lastFitting(
      OCTAVES,
      (choice, part) => {
        const code = choice * CODES;
        const { bytes } = meanBeside(exact, stepOf(code), pixels);
        return fits(rough, grid, code, budget - bytes.length, part);
      },
      share(job, 0, 0.4),
    );
    const side = meanBeside(exact, stepOf(octave * CODES), pixels);
    const mean = restoreMean(side.quantised);
    const coefficients = analyse(samples, grid, mean);
    const left = budget - side.bytes.length;
    // The octave fitted with the exact mean; with the one that a decoder has it may just not.
    const coarsest = Math.max(0, octave - 1) * CODES;
    const code = (choice: number) => coarsest + choice;
    const finest = await lastFitting(
      (octave + 1) * CODES - coarsest,
      (choice, part) => fits(coefficients, grid, code(choice), left, part),
      share(job, 0.4, 0.9),
    );
    const stepCode = code(finest);
    const values = quantise(coefficients, stepOf(stepCode));
    const encoder = new RangeEncoder();
    const turns = new Turns(share(job, 0.9, 1), 'coefficients');
    await codeBlocks(new WritingPort(encoder), grid, values, () => false, turns);
    const payload = formatPayload({ stepCode, side: side.bytes, coefficients: encoder.finish() });
    const decoded = synthesise(values, grid, stepOf(stepCode), mean);
    const error = squaredError(samples, decoded);
    return { payload, sideInformation: sideInformationOf(payload), error };
  }

  async decode(payload: Uint8Array, image: CodedImage, job: JobContext) {
    const grid = gridOf(image);
    const { stepCode, side, coefficients } = parsePayload(payload);
    const ofMean = new RangeDecoder(side);
    const mean = restoreMean(codeMean(new ReadingPort(ofMean), grid.volume.bands));
    ofMean.finish();
    const decoder = new RangeDecoder(coefficients);
    const turns = new Turns(job, 'coefficients');
    const values = await codeBlocks(new ReadingPort(decoder), grid, undefined, () => false, turns);
    decoder.finish();
    return { samples: synthesise(values, grid, stepOf(stepCode), mean), symbols: [values] };
  }
}

function gridOf({ width, height, bands }: CodedImage): BlockGrid {
  return new BlockGrid({ width, height, bands: bands.positionsNm.length });
}

/** Coefficients of the samples less the mean, [blocks, BLOCK]. */
function analyse(samples: Float32Array, grid: BlockGrid, mean: Float64Array): Float32Array {
  const coefficients = new Float32Array(grid.count * BLOCK);
  const block = new Float64Array(BLOCK);
  for (let index = 0; index < grid.count; index++) {
    block.fill(0);
    grid.eachSample(index, (inBlock, sample, band) => {
      block[inBlock] = samples[sample] - mean[band];
    });
    analyseBlock(block, grid.shape(index));
    coefficients.set(block, index * BLOCK);
  }
  return coefficients;
}

function synthesise(
  values: Int32Array,
  grid: BlockGrid,
  step: number,
  mean: Float64Array,
): Float32Array<ArrayBuffer> {
  const { width, height, bands } = grid.volume;
  const samples = new Float32Array(width * height * bands);
  const block = new Float64Array(BLOCK);
  for (let index = 0; index < grid.count; index++) {
    for (let i = 0; i < BLOCK; i++) block[i] = values[index * BLOCK + i] * step;
    synthesiseBlock(block, grid.shape(index));
    grid.eachSample(index, (inBlock, sample, band) => {
      samples[sample] = mean[band] + block[inBlock];
    });
  }
  return samples;
}

function quantise(coefficients: Float32Array, step: number): Int32Array<ArrayBuffer> {
  const values = new Int32Array(coefficients.length);
  for (let i = 0; i < values.length; i++) {
    values[i] =
      i % BLOCK === 0 ? Math.round(coefficients[i] / step) : quantised(coefficients[i], step);
  }
  return values;
}

/** The head's and the range coder's last bytes. */
const HEAD_BYTES = 5;

/** Whether coefficients at a step fit into so many bytes. */
async function fits(
  coefficients: Float32Array,
  grid: BlockGrid,
  stepCode: number,
  bytes: number,
  job: JobContext,
): Promise<boolean> {
  const turns = new Turns(job, 'rate');
  await turns.take(0);
  const most = 8 * (bytes - HEAD_BYTES);
  const port: BitPort & { readonly bits: number } = new CountingPort();
  const values = quantise(coefficients, stepOf(stepCode));
  try {
    await codeBlocks(port, grid, values, () => port.bits > most, turns);
  } catch (error) {
    if (isOfTooFineStep(error)) return false;
    throw error;
  }
  return port.bits <= most;
}
