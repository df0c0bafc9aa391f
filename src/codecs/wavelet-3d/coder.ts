import type { CubeInfo } from '../../core/cube/types';
import { CountingPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { spectralMean } from '../../core/linear/principal';
import { allBands, ownBands } from '../bands';
import { declareFamily } from '../families';
import { share } from '../progress';
import type { CodedImage, CodedPayload, SampleCoder } from '../sampleCodec';
import { squaredError } from '../squaredError';
import { lastFitting } from '../stepSearch';
import { Turns } from '../turn';
import type { CodecMeta, JobContext } from '../types';
import { blockTree, spectralOrder } from './blocks';
import { bestBiases, dequantise, type Layout, quantise, symbolsOf, topPlane } from './coefficients';
import { restoreMean } from './meanCoding';
import { CODES, formatPayload, OCTAVES, parsePayload, sizeOfHead, stepOf } from './payload';
import { MOST_PLANES, PlaneCoder } from './planeCoder';
import { allSamples, liveBands, liveSamples, readSide, sideBeside } from './sideInformation';
import { analyse, levelsOf, synthesise, type Volume } from './transform';

const META: CodecMeta = {
  id: 'wavelet-3d',
  label: '3-D wavelet',
  family: 'wavelet',
  description:
    'The cube’s mean spectrum, then the CDF 9/7 wavelet along the spectrum and in space, its bit ' +
    'planes coded by zero blocks in the context of their neighbours and cut at the budget. Lim, ' +
    'Sohn and Lee, “Compression for hyperspectral images using three dimensional wavelet ' +
    'transform”, 2001; Tang and Pearlman, “Three-Dimensional Wavelet-Based Compression of ' +
    'Hyperspectral Images” (3D-SPECK), 2006.',
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  rateRange: [0.05, 16],
  onRequest: true,
  payload: { latents: 'Bit planes', sideInformation: 'Side info: mean spectrum' },
};

const FAMILY = declareFamily({
  number: 6,
  id: META.id,
  noMap:
    'The 3-D wavelet’s bit planes run over the whole image one after the other, so its bytes belong to no place in it.',
  sideInformation: sideInformationOf,
});

/** The plane at which a step's quantiser ends; the one below fills what is left of the budget. */
const WHOLE = 1;
const FILLING = 0;

/** What is to be coded, with the mean that a decoder has. */
interface Prepared {
  readonly planes: Float32Array;
  readonly layout: Layout;
}

/** 3-D wavelet with embedded coding of zero blocks. */
export class Wavelet3dCoder implements SampleCoder {
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
    const bands = image.bands.positionsNm.length;
    const exact = spectralMean(samples, bands);
    const pixels = image.width * image.height;
    const found = liveBands(samples, bands);
    // Where budgets are tiny, to say which bands are constant would take all of it.
    const coarsest = sideBeside(exact, found, stepOf(0), pixels).bytes;
    const live = streamBits(budget, coarsest) > 0 ? found : found.map(() => true);
    const beside = (code: number) => sideBeside(exact, live, stepOf(code), pixels);
    const own = liveSamples(samples, live);
    const volume = volumeOf(image, live);
    const layout = layoutOf(volume);
    const rough = { planes: analyse(own, volume, spectralMean(own, volume.bands)), layout };
    const octave = await lastFitting(
      OCTAVES,
      (choice, part) => {
        const code = choice * CODES;
        return fits(rough, code, streamBits(budget, beside(code).bytes), part);
      },
      share(job, 0, 0.4),
    );
    const { side, bytes } = beside(octave * CODES);
    const mean = restoreMean(side.mean);
    const prepared = { planes: analyse(own, volume, mean), layout };
    const bits = streamBits(budget, bytes);
    const code = (choice: number) => octave * CODES + choice;
    const finest = await lastFitting(
      CODES,
      (choice, part) => fits(prepared, code(choice), bits, part),
      share(job, 0.4, 0.7),
    );
    const stepCode = code(finest);
    const { payload, coder, biases } = await fill(
      prepared,
      { stepCode, side: bytes },
      budget,
      share(job, 0.7, 1),
    );
    const decoded = dequantise(coder.known, layout, { stepCode, biases });
    const restored = allSamples(synthesise(decoded, volume, mean), side);
    const error = squaredError(samples, restored);
    return { payload, sideInformation: sideInformationOf(payload), error };
  }

  async decode(payload: Uint8Array, image: CodedImage, job: JobContext) {
    const fields = parsePayload(payload);
    const side = readSide(fields.side, image.bands.positionsNm.length);
    const volume = volumeOf(image, side.live);
    const layout = layoutOf(volume);
    const decoder = new RangeDecoder(fields.planes);
    const done = (visits: number) => visits >= fields.visits;
    const coder = new PlaneCoder(layout.tree, layout.order, new ReadingPort(decoder), done);
    await coder.run(fields.top, FILLING, new Turns(job, 'bit planes'));
    decoder.finish();
    const planes = dequantise(coder.known, layout, fields);
    return {
      samples: allSamples(synthesise(planes, volume, restoreMean(side.mean)), side),
      symbols: [symbolsOf(coder.known, layout)],
    };
  }
}

/** Bytes of a payload that are no samples. */
function sideInformationOf(payload: Uint8Array): number {
  return sizeOfHead(parsePayload(payload));
}

function volumeOf({ width, height }: CodedImage, live: readonly boolean[]): Volume {
  return { width, height, bands: live.filter(Boolean).length };
}

/** Throws `limit`. */
function layoutOf(volume: Volume): Layout {
  const { spectral, spatial } = levelsOf(volume);
  // The bands, brightness, and the place of what is not there.
  const tree = blockTree(volume, spatial, volume.bands + 2);
  const order = spectralOrder(volume.bands, spectral);
  return { tree, order, pixels: volume.width * volume.height };
}

/** Bytes of the head without the side information: what they are at any rate of use. */
const HEAD_BYTES = 7;

function streamBits(budget: number, side: Uint8Array): number {
  return 8 * (budget - HEAD_BYTES - side.length);
}

/** Whether all of a step's quantiser fits into so many bits. */
async function fits(
  { planes, layout }: Prepared,
  stepCode: number,
  bits: number,
  job: JobContext,
): Promise<boolean> {
  if (bits < 0) return false;
  const turns = new Turns(job, 'rate');
  await turns.take(0);
  const source = quantise(planes, layout, stepOf(stepCode));
  const top = topPlane(source, layout);
  if (top >= MOST_PLANES) return false;
  const port = new CountingPort();
  const coder = new PlaneCoder(layout.tree, layout.order, port, () => port.bits >= bits, source);
  return coder.run(top, WHOLE, turns);
}

const SPARE_BITS = [0, 8, 16, 24, 40];

/** The payload that fills a budget, cut where it ends. */
async function fill(
  { planes, layout }: Prepared,
  { stepCode, side }: { readonly stepCode: number; readonly side: Uint8Array },
  budget: number,
  job: JobContext,
) {
  const source = quantise(planes, layout, stepOf(stepCode));
  const top = Math.min(MOST_PLANES - 1, topPlane(source, layout));
  const run = async (port: CountingPort | WritingPort, done: (visits: number) => boolean) => {
    const coder = new PlaneCoder(layout.tree, layout.order, port, done, source);
    await coder.run(top, FILLING, new Turns(job, 'bit planes'));
    return coder;
  };
  for (const spare of SPARE_BITS) {
    const port = new CountingPort();
    const bits = streamBits(budget, side) + 16 - spare;
    const coder = await run(port, () => port.bits >= bits);
    const encoder = new RangeEncoder();
    await run(new WritingPort(encoder), (visits) => visits >= coder.visits);
    const biases = bestBiases(coder.known, planes, layout, stepCode);
    const fields = { stepCode, top, biases, visits: coder.visits, side, planes: encoder.finish() };
    const payload = formatPayload(fields);
    if (payload.length <= budget || coder.visits === 0) return { payload, coder, biases };
  }
  throw new Error('bit planes of no bits took more than none');
}
