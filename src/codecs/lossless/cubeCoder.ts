import type { HyperspectralCube, SampleArray } from '../../core/cube/types';
import type { BitPort } from '../../core/entropy/bitPort';
import { ReadingPort } from '../../core/entropy/bitPort';
import { RangeDecoder } from '../../core/entropy/rangeCoder';
import { HscError } from '../../core/errors';
import { SAMPLE_BYTES } from '../../core/metrics/rate';
import { Turns } from '../turn';
import type { JobContext } from '../types';
import {
  type Alphabet,
  chooseAlphabet,
  codePalette,
  fromNumbers,
  numberLimits,
  toNumbers,
} from './alphabet';
import { decodeNumbers, encodeNumbers, type NumberShape } from './numbers';
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
  const turns = new Turns(job, 'preparing');
  const { form, words } = toWords(data);
  await turns.take(0);
  const alphabet = chooseAlphabet(words);
  await turns.take(0);
  toNumbers(words, alphabet);
  const ofWords = wordLimits(shape.sampleType);
  const preamble = (port: BitPort) => {
    if (alphabet.kind === 'palette') codePalette(port, ofWords, alphabet.words);
  };
  const streams = await encodeNumbers(
    words,
    shapeOf(shape, form),
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
  const numbers = await decodeNumbers(streams, shapeOf(shape, form), limits, job);
  fromNumbers(numbers, alphabet);
  return toSamples(numbers, form, shape.sampleType);
}

function readAlphabet(
  { alphabet }: Payload,
  parameters: RangeDecoder,
  limits: readonly [number, number],
): Alphabet {
  if (alphabet.kind !== 'palette') return alphabet;
  return { kind: 'palette', words: codePalette(new ReadingPort(parameters), limits) };
}

function shapeOf({ width, height, bands }: CubeShape, form: WordForm): NumberShape {
  return { width, height, bands, perSample: wordsPerSample(form) };
}
