import { AdaptiveBits } from '../../core/entropy/adaptiveBits';
import type { BitPort } from '../../core/entropy/bitPort';
import { HscError } from '../../core/errors';
import { LEVELS } from './levels';

/** Quarters of the step between integers in which a prediction can lie. */
export const PHASES = 4;

const UNARY = 20;
const ZERO = 0;
const SIGN = ZERO + PHASES;
const QUOTIENT = SIGN + PHASES;
const LEADING = QUOTIENT + UNARY;
const NODES = LEADING + UNARY + 1;

/** Levels below this have no binary digits after the unary quotient. */
const FIRST_DIVIDED_OCTAVE = 3;
const MAX_ESCAPE_EXPONENT = 40;

/**
 * Prediction residuals as adaptive Golomb codes: zero, sign, quotient in unary, the leading bit of
 * the remainder, each with adaptive bits of the context, then the rest as equiprobable bits.
 */
export class ResidualCoder {
  private readonly bits = new AdaptiveBits(LEVELS * NODES);

  constructor(private readonly port: BitPort) {}

  /**
   * Codes a residual in the context of a level of expected magnitude and of the prediction's
   * phase. Throws `bitstream` for an impossible one in a stream, `truncated` past its end.
   */
  code(level: number, phase: number, residual: number): number {
    const { bits, port } = this;
    const base = level * NODES;
    if (bits.code(port, base + ZERO + phase, residual !== 0 ? 1 : 0) === 0) return 0;
    const negative = bits.code(port, base + SIGN + phase, residual < 0 ? 1 : 0);

    const excess = (residual < 0 ? -residual : residual) - 1;
    const digits = Math.max(0, (level >> 2) - FIRST_DIVIDED_OCTAVE);
    const divisor = 1 << digits;
    const whole = Math.floor(excess / divisor);
    const quotient = this.codeQuotient(base, whole);
    const rest = this.codeRemainder(base, quotient, digits, excess - whole * divisor);
    const magnitude = quotient * divisor + rest + 1;
    return negative === 1 ? -magnitude : magnitude;
  }

  private codeQuotient(base: number, quotient: number): number {
    const { bits, port } = this;
    for (let count = 0; count < UNARY; count++) {
      const more = bits.code(port, base + QUOTIENT + count, quotient > count ? 1 : 0);
      if (more === 0) return count;
    }
    return UNARY + this.codeEscape(quotient - UNARY);
  }

  private codeRemainder(base: number, quotient: number, digits: number, rest: number): number {
    if (digits === 0) return 0;
    const { bits, port } = this;
    const half = 1 << (digits - 1);
    const node = base + LEADING + (quotient < UNARY ? quotient : UNARY);
    const leading = bits.code(port, node, rest >= half ? 1 : 0) * half;
    return leading + port.codeRaw(rest - leading, digits - 1);
  }

  /** An Exp-Golomb code of equiprobable bits. */
  private codeEscape(value: number): number {
    const { port } = this;
    let exponent = 0;
    let size = 1;
    while (port.codeRaw(value + 1 >= 2 * size ? 1 : 0, 1) === 1) {
      exponent++;
      size *= 2;
      if (exponent > MAX_ESCAPE_EXPONENT) {
        throw new HscError('bitstream', 'The .hsc file holds an impossible sample: it is damaged.');
      }
    }
    return size - 1 + port.codeRaw(value + 1 - size, exponent);
  }
}
