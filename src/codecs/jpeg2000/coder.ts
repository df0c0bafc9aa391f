import type { CubeInfo } from '../../core/cube/types';
import { HscError, throwIfAborted } from '../../core/errors';
import { allBands, ownBands } from '../bands';
import { codestreamOf, MAX_LEVELS, packetsOf } from '../openjpeg/codestream';
import { MAX_PLANE_SAMPLES, type OpenJpeg } from '../openjpeg/openJpeg';
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
};

const BITS = 16;
const LARGEST = 2 ** BITS - 1;
const SHAPE_BYTES = 1;
const MARKER_BYTES = 150;
/** A file this near to its rate is not tried again. */
const FULL = 0.99;
const ATTEMPTS = 3;

/** JPEG 2000 of all bands in one mosaic, 16 bits a sample. */
export class Jpeg2000Coder implements SampleCoder {
  readonly meta = META;
  readonly family = 'jpeg2000';

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
    const levels = Math.min(5, Math.floor(Math.log2(Math.min(mosaic.width, mosaic.height))));
    let packets: Uint8Array = new Uint8Array(0);
    let allowed = budget - SHAPE_BYTES;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      job.onProgress?.(attempt / ATTEMPTS, 'JPEG 2000');
      await nextTurn();
      throwIfAborted(job.signal);
      const options = { bits: BITS, levels, maxBytes: Math.max(1, allowed) + MARKER_BYTES };
      const tried = packetsOf(openJpeg.encode(plane, options));
      const spare = budget - SHAPE_BYTES - tried.length;
      if (spare >= 0 && tried.length > packets.length) packets = tried;
      if (spare >= 0 && tried.length >= FULL * (budget - SHAPE_BYTES)) break;
      allowed += spare;
    }
    const payload = new Uint8Array(SHAPE_BYTES + packets.length);
    payload[0] = levels;
    payload.set(packets, SHAPE_BYTES);
    const decoded = disassemble(decodePlane(openJpeg, packets, mosaic, levels), mosaic, shape);
    const error = samples.reduce((sum, value, i) => sum + (value - decoded[i]) ** 2, 0);
    return { payload, sideInformation: SHAPE_BYTES, error };
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

/** Bytes of a payload that are no samples. */
export function sideInformationOf(payload: Uint8Array): number {
  return Math.min(SHAPE_BYTES, payload.length);
}
