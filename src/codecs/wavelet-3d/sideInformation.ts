import { AdaptiveBits } from '../../core/entropy/adaptiveBits';
import { type BitPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { HscError } from '../../core/errors';
import { codeMean, type QuantisedMean, quantisedBeside, restoreMean } from './meanCoding';

/** What a decoder is told ahead of the bit planes. */
export interface SideInformation {
  /** Which bands are not constant: these alone are decomposed. */
  readonly live: readonly boolean[];
  /** Mean spectrum of those bands. */
  readonly mean: QuantisedMean;
  /** The values of the others, where there are any. */
  readonly still?: QuantisedMean;
}

/** Side information beside coefficients of a quantiser step, and its bytes. */
export function sideBeside(
  mean: Float64Array,
  live: readonly boolean[],
  step: number,
  pixels: number,
) {
  const still = mean.filter((_, band) => !live[band]);
  const side: SideInformation = {
    live,
    mean: quantisedBeside(
      mean.filter((_, band) => live[band]),
      step,
      pixels,
    ),
    still: still.length > 0 ? quantisedBeside(still, step, pixels) : undefined,
  };
  const encoder = new RangeEncoder();
  codeSide(new WritingPort(encoder), live.length, side);
  return { side, bytes: encoder.finish() };
}

/** Throws `bitstream` or `truncated`. */
export function readSide(bytes: Uint8Array, bands: number): SideInformation {
  const decoder = new RangeDecoder(bytes);
  const side = codeSide(new ReadingPort(decoder), bands);
  decoder.finish();
  return side;
}

function codeSide(port: BitPort, bands: number, given?: SideInformation): SideInformation {
  if (port.codeRaw(given?.still ? 1 : 0, 1) === 0) {
    const live = Array.from({ length: bands }, () => true);
    return { live, mean: codeMean(port, bands, given?.mean) };
  }
  const flags = new AdaptiveBits(2);
  const live: boolean[] = [];
  for (let band = 0; band < bands; band++) {
    const before = live[band - 1] ? 1 : 0;
    live.push(flags.code(port, before, given?.live[band] ? 1 : 0) === 1);
  }
  const count = live.filter(Boolean).length;
  if (count === 0 || count === bands) {
    throw new HscError('bitstream', 'The .hsc file holds impossible bands: it is damaged.');
  }
  const mean = codeMean(port, count, given?.mean);
  return { live, mean, still: codeMean(port, bands - count, given?.still) };
}

/** Bands that have more than one value; all of them where none has. */
export function liveBands(samples: Float32Array, bands: number): boolean[] {
  const live = Array.from({ length: bands }, () => false);
  for (let i = bands; i < samples.length; i++) {
    if (samples[i] !== samples[i % bands]) live[i % bands] = true;
  }
  return live.some(Boolean) ? live : live.map(() => true);
}

/** The samples of the live bands alone, BIP. */
export function liveSamples(samples: Float32Array, live: readonly boolean[]): Float32Array {
  return samples.filter((_, i) => live[i % live.length]);
}

/** Undoes {@link liveSamples}. */
export function allSamples(
  own: Float32Array<ArrayBuffer>,
  { live, still }: SideInformation,
): Float32Array<ArrayBuffer> {
  if (!still) return own;
  const values = restoreMean(still);
  const bands = live.length;
  const samples = new Float32Array((own.length / (bands - values.length)) * bands);
  let at = 0;
  for (let from = 0; from < samples.length; from += bands) {
    let constant = 0;
    for (let band = 0; band < bands; band++) {
      samples[from + band] = live[band] ? own[at++] : values[constant++];
    }
  }
  return samples;
}
