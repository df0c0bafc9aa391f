import { HscError } from '../errors';
import { AdaptiveBits } from './adaptiveBits';
import type { BitPort } from './bitPort';

/** Magnitudes stay below 2 to this power. */
const MAX_EXPONENT = 44;

const NONZERO = 0;
const NEGATIVE = 1;
const EXPONENT = 2;
const LEADING = EXPONENT + MAX_EXPONENT;
const NODES = LEADING + MAX_EXPONENT;

/**
 * Signed integers of unknown size, adaptively: zero, sign, exponent in unary, the bit below the
 * leading one, and the rest as equiprobable bits (Elias' gamma code with modelled bits).
 */
export class AdaptiveIntegers {
  private readonly bits: AdaptiveBits;

  constructor(contexts: number) {
    this.bits = new AdaptiveBits(contexts * NODES);
  }

  /**
   * Codes an integer of magnitude below 2^44. Throws `bitstream` where a stream holds a larger
   * one, `truncated` past its end.
   */
  code(port: BitPort, context: number, value: number): number {
    const { bits } = this;
    const base = context * NODES;
    if (bits.code(port, base + NONZERO, value !== 0 ? 1 : 0) === 0) return 0;
    const negative = bits.code(port, base + NEGATIVE, value < 0 ? 1 : 0) === 1;

    const magnitude = Math.abs(value);
    let exponent = 0;
    let size = 1;
    while (bits.code(port, base + EXPONENT + exponent, magnitude >= 2 * size ? 1 : 0) === 1) {
      exponent++;
      size *= 2;
      if (exponent === MAX_EXPONENT) {
        throw new HscError('bitstream', 'The .hsc file holds an impossible number: it is damaged.');
      }
    }
    const coded = size + this.codeRest(port, base, exponent, size / 2, magnitude - size);
    return negative ? -coded : coded;
  }

  private codeRest(
    port: BitPort,
    base: number,
    exponent: number,
    half: number,
    rest: number,
  ): number {
    if (exponent === 0) return 0;
    const upper = this.bits.code(port, base + LEADING + exponent, rest >= half ? 1 : 0) * half;
    return upper + port.codeRaw(rest - upper, exponent - 1);
  }
}
