import type { HyperspectralCube, SampleArray } from '../../core/cube/types';
import type { BitPort } from '../../core/entropy/bitPort';
import { ReadingPort } from '../../core/entropy/bitPort';
import { RangeDecoder } from '../../core/entropy/rangeCoder';
import { HscError } from '../../core/errors';
import { SAMPLE_BYTES } from '../../core/metrics/rate';
import type { JobContext } from '../types';
import {
  type Alphabet,
  chooseAlphabet,
  codePalette,
  fromNumbers,
  numberLimits,
  toNumbers,
} from './alphabet';
import { decodeNumbers, encodeNumbers, type PlaneShape } from './numbers';
import { formatPayload, type Payload, parsePayload } from './payload';
import { fits, toSamples, toWords, type WordForm, wordLimits, wordsPerSample } from './sampleWords';

/** What a cube may have; checked before anything is allocated. */
export const LOSSLESS_LIMITS = { samples: 2 ** 29, bytes: 2 ** 31 } as const;

export type CubeShape = Pick<HyperspectralCube, 'width' | 'height' | 'bands' | 'sampleType'>;

/** Throws `limit` for a cube with more samples than the codec takes. */
export function checkSize({ width, height, bands, sampleType }: CubeShape): void {
  const samples = width * height * bands;
  const { samples: most, bytes } = LOSSLESS_LIMITS;
  if (samples <= most && samples * SAMPLE_BYTES[sampleType] <= bytes) return;
  throw new HscError(
    'limit',
    `${samples} samples of ${sampleType} are more than the lossless codec takes (2^29 samples, ` +
      '2 GiB); choose a smaller part of the image.',
  );
}

/** The payload of all samples, BIP. Throws `aborted`, `limit`. */
export async function encodeCube(
  data: SampleArray,
  shape: CubeShape,
  job: JobContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const { form, words } = toWords(data);
  const alphabet = chooseAlphabet(words);
  toNumbers(words, alphabet);
  const ofWords = wordLimits(shape.sampleType);
  const preamble = (port: BitPort) => {
    if (alphabet.kind === 'palette') codePalette(port, ofWords, alphabet.words);
  };
  const streams = await encodeNumbers(
    toPlanes(words, shape),
    planesOf(shape, form),
    numberLimits(alphabet, ofWords),
    preamble,
    job,
  );
  return formatPayload({ form, alphabet, ...streams });
}

/**
 * The samples of a payload, BIP. Throws `bitstream` or `truncated` where it is damaged, `limit`,
 * `aborted`.
 */
export async function decodeCube(
  payload: Uint8Array,
  shape: CubeShape,
  job: JobContext,
): Promise<SampleArray> {
  const parsed = parsePayload(payload);
  const { form } = parsed;
  if (!fits(form, shape.sampleType)) {
    throw new HscError('bitstream', 'The .hsc file codes its samples in an impossible way.');
  }
  const streams = {
    parameters: new RangeDecoder(parsed.parameters),
    samples: new RangeDecoder(parsed.samples),
  };
  const ofWords = wordLimits(shape.sampleType);
  const alphabet = readAlphabet(parsed, streams.parameters, ofWords);
  const limits = numberLimits(alphabet, ofWords);
  const numbers = await decodeNumbers(streams, planesOf(shape, form), limits, job);
  fromNumbers(numbers, alphabet);
  return toSamples(fromPlanes(numbers, shape), form, shape.sampleType);
}

function readAlphabet(
  { alphabet }: Payload,
  parameters: RangeDecoder,
  limits: readonly [number, number],
): Alphabet {
  if (alphabet.kind !== 'palette') return alphabet;
  return { kind: 'palette', words: codePalette(new ReadingPort(parameters), limits) };
}

function planesOf({ width, height, bands }: CubeShape, form: WordForm): PlaneShape {
  return { width, height, planes: bands * wordsPerSample(form) };
}

/** From pixel by pixel to band by band; of two words a sample, one after the other. */
function toPlanes(words: Int32Array, { width, height, bands }: CubeShape): Int32Array<ArrayBuffer> {
  const planes = new Int32Array(words.length);
  const pixels = width * height;
  const size = pixels * bands;
  for (let start = 0; start < words.length; start += size) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = start + pixel * bands;
      for (let b = 0; b < bands; b++) planes[start + b * pixels + pixel] = words[from + b];
    }
  }
  return planes;
}

/** The reverse of {@link toPlanes}. */
function fromPlanes(
  planes: Int32Array,
  { width, height, bands }: CubeShape,
): Int32Array<ArrayBuffer> {
  const words = new Int32Array(planes.length);
  const pixels = width * height;
  const size = pixels * bands;
  for (let start = 0; start < words.length; start += size) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const to = start + pixel * bands;
      for (let b = 0; b < bands; b++) words[to + b] = planes[start + b * pixels + pixel];
    }
  }
  return words;
}
