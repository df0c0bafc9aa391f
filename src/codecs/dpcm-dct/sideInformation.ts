import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import { type BitPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { codeMean, type QuantisedMean } from '../wavelet-3d/meanCoding';

/** Prediction gains are whole numbers of 1 / this. */
export const GAIN_STEPS = 16;

/** What the loop over the bands is told ahead of them. */
export interface SideInformation {
  readonly mean: QuantisedMean;
  /** In whole steps, from the second band on. */
  readonly gains: Int32Array;
}

export function writeSide(side: SideInformation): Uint8Array {
  const encoder = new RangeEncoder();
  codeSide(new WritingPort(encoder), side.mean.coefficients.length, side);
  return encoder.finish();
}

/** Throws `bitstream` or `truncated`. */
export function readSide(bytes: Uint8Array, bands: number): SideInformation {
  const decoder = new RangeDecoder(bytes);
  const side = codeSide(new ReadingPort(decoder), bands);
  decoder.finish();
  return side;
}

/** Gains as differences from the one before: they follow the spectrum's contrast. */
function codeSide(port: BitPort, bands: number, given?: SideInformation): SideInformation {
  const mean = codeMean(port, bands, given?.mean);
  const gains = new Int32Array(bands - 1);
  const models = new AdaptiveIntegers(1);
  for (let i = 0; i < gains.length; i++) {
    gains[i] = GAIN_STEPS + models.code(port, 0, given ? given.gains[i] - GAIN_STEPS : 0);
  }
  return { mean, gains };
}
