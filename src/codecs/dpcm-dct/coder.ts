import type { CubeInfo } from '../../core/cube/types';
import { type BitPort, CountingPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { spectralMean } from '../../core/linear/principal';
import { allBands, ownBands } from '../bands';
import {
  CODES,
  formatPayload,
  OCTAVES,
  parsePayload,
  sideInformationOf,
  stepOf,
} from '../cosine/payload';
import { declareFamily } from '../families';
import { share } from '../progress';
import type { CodedImage, CodedPayload, SampleCoder } from '../sampleCodec';
import { squaredError } from '../squaredError';
import { lastFitting } from '../stepSearch';
import { Turns } from '../turn';
import type { CodecMeta, JobContext } from '../types';
import { meanBeside, type QuantisedMean, restoreMean } from '../wavelet-3d/meanCoding';
import { BandCoder } from './bandCoder';
import { GAIN_STEPS, readSide, writeSide } from './sideInformation';

const META: CodecMeta = {
  id: 'dpcm-dct',
  label: 'DPCM + DCT',
  family: 'dct',
  description:
    'Each band is predicted from the one before it as decoded, with a gain of its own, and what that ' +
    'leaves coded by cosine transforms of 8 × 8 pixels with one step for the whole image. ' +
    'Abousleman, Marcellin and Hunt, “Compression of Hyperspectral Imagery Using the 3-D DCT and ' +
    'Hybrid DPCM/DCT”, 1995.',
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  rateRange: [0.05, 16],
  onRequest: true,
  payload: { latents: 'Coefficients', sideInformation: 'Side info: mean spectrum, gains' },
};

const FAMILY = declareFamily({
  number: 8,
  id: META.id,
  noMap:
    'Bands are coded one after the other in the context of those before them in one stream, so only its length as a whole is known.',
  sideInformation: sideInformationOf,
});

/** Closed-loop DPCM along the spectrum, 2-D DCT of the residuals. */
export class DpcmDctCoder implements SampleCoder {
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
    const pixels = image.width * image.height;
    const mean = spectralMean(samples, image.bands.positionsNm.length);
    const planes = planesOf(samples, pixels);
    const most = 8 * (budget - HEAD_BYTES);
    const fits = async (stepCode: number, part: JobContext) => {
      const port = new CountingPort();
      const step = stepOf(stepCode);
      const { quantised } = meanBeside(mean, step, pixels);
      const { gains } = await encodeBands(port, planes, image, step, quantised, most, part);
      const side = writeSide({ mean: quantised, gains }).length;
      return port.bits + 8 * side <= most;
    };
    const octave = await lastFitting(
      OCTAVES,
      (choice, part) => fits(choice * CODES, part),
      share(job, 0, 0.4),
    );
    const finer = await lastFitting(
      CODES,
      (choice, part) => fits(octave * CODES + choice, part),
      share(job, 0.4, 0.9),
    );
    const stepCode = octave * CODES + finer;
    const step = stepOf(stepCode);
    const { quantised } = meanBeside(mean, step, pixels);
    const encoder = new RangeEncoder();
    const port = new WritingPort(encoder);
    const part = share(job, 0.9, 1);
    const coded = await encodeBands(port, planes, image, step, quantised, undefined, part);
    const side = writeSide({ mean: quantised, gains: coded.gains });
    const payload = formatPayload({ stepCode, side, coefficients: encoder.finish() });
    const error = squaredError(samples, coded.loop.samples());
    return { payload, sideInformation: sideInformationOf(payload), error };
  }

  async decode(payload: Uint8Array, image: CodedImage, job: JobContext) {
    const { stepCode, side, coefficients } = parsePayload(payload);
    const bands = image.bands.positionsNm.length;
    const { mean, gains } = readSide(side, bands);
    const decoder = new RangeDecoder(coefficients);
    const loop = new BandLoop(new ReadingPort(decoder), image, stepOf(stepCode), restoreMean(mean));
    const turns = new Turns(job, 'bands');
    const symbols: Int32Array<ArrayBuffer>[] = [];
    for (let band = 0; band < bands; band++) {
      if (turns.due()) await turns.take(band / bands);
      symbols.push(loop.code(band, band > 0 ? gains[band - 1] : 0));
    }
    decoder.finish();
    return { samples: loop.samples(), symbols };
  }
}

/** The head's and the range coder's last bytes. */
const HEAD_BYTES = 6;

/** Codes all bands, or as many as `most` bits hold. */
async function encodeBands(
  port: BitPort & { readonly bits?: number },
  planes: readonly Float32Array[],
  image: CodedImage,
  step: number,
  mean: QuantisedMean,
  most: number | undefined,
  job: JobContext,
) {
  const bands = image.bands.positionsNm.length;
  const loop = new BandLoop(port, image, step, restoreMean(mean));
  const gains = new Int32Array(bands - 1);
  const turns = new Turns(job, 'bands');
  await turns.take(0);
  for (let band = 0; band < bands; band++) {
    if (turns.due()) await turns.take(band / bands);
    if (most !== undefined && (port.bits ?? 0) > most) break;
    const gain = loop.bestGain(planes[band], band);
    if (band > 0) gains[band - 1] = gain;
    loop.code(band, gain, planes[band]);
  }
  return { gains, loop };
}

/** Bands as planes, from BIP samples. */
function planesOf(samples: Float32Array, pixels: number): Float32Array[] {
  const bands = samples.length / pixels;
  return Array.from({ length: bands }, (_, band) => {
    const plane = new Float32Array(pixels);
    for (let p = 0; p < pixels; p++) plane[p] = samples[p * bands + band];
    return plane;
  });
}

/** The loop that encoder and decoder walk alike: each band from the one before as decoded. */
class BandLoop {
  /** Bands as decoded, less their means. */
  private readonly planes: Float64Array[] = [];
  private readonly coder: BandCoder;
  /** The last band as decoded, less its mean. */
  private before: Float64Array;

  constructor(
    port: BitPort,
    { width, height }: CodedImage,
    step: number,
    private readonly mean: Float64Array,
  ) {
    this.coder = new BandCoder(port, { width, height, step });
    this.before = new Float64Array(width * height);
  }

  /** All bands as decoded, BIP. */
  samples(): Float32Array<ArrayBuffer> {
    const { planes, mean } = this;
    const bands = planes.length;
    const samples = new Float32Array(bands * this.before.length);
    for (const [band, plane] of planes.entries()) {
      for (let p = 0; p < plane.length; p++) samples[p * bands + band] = mean[band] + plane[p];
    }
    return samples;
  }

  /** The gain, in steps, that leaves the least of a band. */
  bestGain(plane: Float32Array, band: number): number {
    const { before, mean } = this;
    let both = 0;
    let energy = 0;
    for (let p = 0; p < before.length; p++) {
      both += before[p] * (plane[p] - mean[band]);
      energy += before[p] * before[p];
    }
    return energy > 0 ? Math.round((GAIN_STEPS * both) / energy) : GAIN_STEPS;
  }

  /** Codes the next band, or reads it, and returns its quantised coefficients. Throws `bitstream` or `truncated`. */
  code(band: number, gain: number, plane?: Float32Array): Int32Array<ArrayBuffer> {
    const { before } = this;
    const mean = this.mean[band];
    const prediction = new Float64Array(before.length);
    for (let p = 0; p < before.length; p++) prediction[p] = (before[p] * gain) / GAIN_STEPS;
    const residual = plane && new Float64Array(before.length);
    if (residual) {
      for (let p = 0; p < before.length; p++) residual[p] = plane[p] - mean - prediction[p];
    }
    const values = this.coder.code(prediction, residual);
    this.before = prediction;
    this.planes.push(prediction);
    return values;
  }
}
