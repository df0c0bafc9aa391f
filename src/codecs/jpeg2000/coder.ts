import type { CubeInfo } from '../../core/cube/types';
import { HscError, throwIfAborted } from '../../core/errors';
import { allBands, ownBands } from '../bands';
import { declareFamily } from '../families';
import { codestreamOf, MAX_LEVELS, packetsOf } from '../openjpeg/codestream';
import { MAX_PLANE_SAMPLES, type OpenJpeg, type Plane } from '../openjpeg/openJpeg';
import type { CodedImage, SampleCoder } from '../sampleCodec';
import { nextTurn } from '../turn';
import type { CodecMeta, JobContext } from '../types';
import { type BandsShape, type Mosaic, mosaicOf, placeOf } from './mosaic';

const META: CodecMeta = {
  id: 'jpeg2000',
  label: 'JPEG 2000',
  family: 'jpeg2000',
  description:
    'JPEG 2000 (OpenJPEG) on every band as it is, without any spectral transform, the rate ' +
    'shared out over all bands at once. It is what a general image codec makes of a cube: ' +
    'ISO/IEC 15444-1; Rabbani and Joshi, 2002.',
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  rateRange: [0.05, 16],
  payload: { latents: 'Code stream', sideInformation: 'Side info: lengths' },
};

const BITS = 16;
const LARGEST = 2 ** BITS - 1;
const SHAPE_BYTES = 1;
const MARKER_BYTES = 150;
/** A file that leaves no more than this share of its bytes unused is not tried again. */
const SPARE = 0.01;
const ATTEMPTS = 4;

const FAMILY = declareFamily({
  number: 1,
  id: META.id,
  noMap:
    'JPEG 2000 codes wavelet coefficients bit plane by bit plane over the whole image, so its bytes belong to no place in it.',
  sideInformation: (payload) => Math.min(SHAPE_BYTES, payload.length),
});

/** JPEG 2000 of all bands in one mosaic, 16 bits a sample. */
export class Jpeg2000Coder implements SampleCoder {
  readonly meta = META;
  readonly family = FAMILY;

  constructor(private readonly openJpeg: () => Promise<OpenJpeg>) {}

  plan(info: CubeInfo) {
    return allBands(info);
  }

  bands = ownBands;

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    budget: number,
    job: JobContext,
  ) {
    const openJpeg = await this.openJpeg();
    const shape = shapeOf(image);
    const mosaic = checked(mosaicOf(shape));
    const plane = { ...mosaic, samples: assemble(samples, mosaic, shape) };
    const levels = Math.min(
      MAX_LEVELS,
      Math.floor(Math.log2(Math.min(mosaic.width, mosaic.height))),
    );
    const packets = await this.fill(openJpeg, plane, levels, budget - SHAPE_BYTES, job);
    const payload = new Uint8Array(SHAPE_BYTES + packets.length);
    payload[0] = levels;
    payload.set(packets, SHAPE_BYTES);
    const decoded = disassemble(decodePlane(openJpeg, packets, mosaic, levels), mosaic, shape);
    const error = samples.reduce((sum, value, i) => sum + (value - decoded[i]) ** 2, 0);
    return { payload, sideInformation: SHAPE_BYTES, error };
  }

  /**
   * The largest packets found within `budget` bytes: OpenJPEG stops at a coding pass somewhere near
   * the size that it is asked for. Where none fits, the smallest.
   */
  private async fill(
    openJpeg: OpenJpeg,
    plane: Plane,
    levels: number,
    budget: number,
    job: JobContext,
  ): Promise<Uint8Array> {
    let best: Uint8Array | undefined;
    let asked = Math.max(1, budget);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      job.onProgress?.(attempt / ATTEMPTS, 'JPEG 2000');
      await nextTurn();
      throwIfAborted(job.signal);
      const options = { bits: BITS, levels, maxBytes: asked + MARKER_BYTES };
      const packets = packetsOf(openJpeg.encode(plane, options));
      best = best ? nearer(best, packets, budget) : packets;
      const spare = budget - packets.length;
      if ((spare >= 0 && spare <= SPARE * budget) || asked + spare < 1) break;
      asked += spare;
    }
    return best ?? new Uint8Array(0);
  }

  async decode(payload: Uint8Array, image: CodedImage) {
    const openJpeg = await this.openJpeg();
    const shape = shapeOf(image);
    const mosaic = checked(mosaicOf(shape));
    const levels = payload[0];
    if (levels === undefined || levels > MAX_LEVELS) {
      throw new HscError('bitstream', 'The .hsc file holds an impossible wavelet: it is damaged.');
    }
    const plane = decodePlane(openJpeg, payload.subarray(SHAPE_BYTES), mosaic, levels);
    return { samples: disassemble(plane, mosaic, shape), symbols: [plane] };
  }
}

/** The larger of two that fit, the one that fits, or else the smaller. */
function nearer(a: Uint8Array, b: Uint8Array, budget: number): Uint8Array {
  const rank = ({ length }: Uint8Array) => (length <= budget ? length : -length);
  return rank(b) > rank(a) ? b : a;
}

function shapeOf({ width, height, bands }: CodedImage): BandsShape {
  return { width, height, bands: bands.positionsNm.length };
}

function checked(mosaic: Mosaic): Mosaic {
  if (mosaic.width * mosaic.height <= MAX_PLANE_SAMPLES) return mosaic;
  throw new HscError(
    'limit',
    'The image is too large for JPEG 2000 in one piece (2^26 samples): choose a smaller patch.',
  );
}

/** The mosaic of 16-bit samples; what is left of its last row repeats the last band. */
function assemble(samples: Float32Array, mosaic: Mosaic, shape: BandsShape) {
  const { width, height, bands } = shape;
  const plane = new Uint16Array(mosaic.width * mosaic.height);
  for (let cell = 0; cell < plane.length / (width * height); cell++) {
    const place = placeOf(mosaic, shape, cell);
    const band = Math.min(cell, bands - 1);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        plane[place(x, y)] = Math.round(samples[(y * width + x) * bands + band] * LARGEST);
      }
    }
  }
  return plane;
}

function disassemble(plane: Uint16Array, mosaic: Mosaic, shape: BandsShape) {
  const { width, height, bands } = shape;
  const samples = new Float32Array(width * height * bands);
  for (let band = 0; band < bands; band++) {
    const place = placeOf(mosaic, shape, band);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        samples[(y * width + x) * bands + band] = plane[place(x, y)] / LARGEST;
      }
    }
  }
  return samples;
}

function decodePlane(openJpeg: OpenJpeg, packets: Uint8Array, mosaic: Mosaic, levels: number) {
  const { width, height } = mosaic;
  const shape = { width, height, bits: BITS, signed: false, levels } as const;
  return openJpeg.decode(codestreamOf(packets, shape), shape);
}
