import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import type { BitPort } from '../../core/entropy/bitPort';
import { HscError } from '../../core/errors';
import { MAX_TAPS, tapCount } from './taps';

/** What the decoder is told of a plane before its samples. */
export interface PlaneParameters {
  /** The least and greatest sample. Where they are equal, nothing follows. */
  readonly low: number;
  readonly high: number;
  /** Level (`levels.ts`) of the mean error, in 1 / 256. */
  readonly scaleLevel: number;
  /** Of the first taps (`taps.ts`), at least that of the constant. */
  readonly weights: readonly number[];
}

/** Errors of an eighth of a sample to 2^22 samples. */
export const MIN_SCALE_LEVEL = 16;
export const MAX_SCALE_LEVEL = 115;

/** Bounds that keep every prediction exact in a double. */
export const MAX_WEIGHT = 2 ** 15 - 1;
export const MAX_CONSTANT = 2 ** 40;

const CONTEXT = { low: 0, span: 1, taps: 2, scale: 3, weight: 4 } as const;

const FIRST: PlaneParameters = { low: 0, high: 0, scaleLevel: 32, weights: [0] };

/** Codes the parameters of one plane after the other, each against those of the one before. */
export class ParameterCoder {
  private readonly integers = new AdaptiveIntegers(CONTEXT.weight + MAX_TAPS);
  private last = FIRST;
  private plane = 0;

  /** `limits` are the least and greatest value that samples can have at all. */
  constructor(
    private readonly port: BitPort,
    private readonly limits: readonly [number, number],
  ) {}

  /**
   * Codes the next plane's; a reading port needs none. Throws `bitstream` for impossible ones,
   * `truncated` past the stream's end.
   */
  code(own: PlaneParameters = FIRST): PlaneParameters {
    const { last } = this;
    const z = this.plane++;
    const low = last.low + this.difference(CONTEXT.low, own.low - last.low);
    const span = last.high - last.low;
    const high = low + span + this.difference(CONTEXT.span, own.high - own.low - span);
    const [lowest, highest] = this.limits;
    require(low >= lowest && low <= high && high <= highest);
    if (low === high) {
      this.last = { ...last, low, high };
      return { ...this.last, weights: [] };
    }
    const taps = last.weights.length;
    const count = taps + this.difference(CONTEXT.taps, own.weights.length - taps);
    require(count >= 1 && count <= tapCount(z));
    const scaleLevel =
      last.scaleLevel + this.difference(CONTEXT.scale, own.scaleLevel - last.scaleLevel);
    require(scaleLevel >= MIN_SCALE_LEVEL && scaleLevel <= MAX_SCALE_LEVEL);
    const weights = Array.from({ length: count }, (_, tap) => this.weight(tap, own.weights[tap]));
    this.last = { low, high, scaleLevel, weights };
    return this.last;
  }

  private weight(tap: number, own: number): number {
    const weight = this.difference(CONTEXT.weight + tap, own);
    require(Math.abs(weight) <= (tap === 0 ? MAX_CONSTANT : MAX_WEIGHT));
    return weight;
  }

  private difference(context: number, value: number): number {
    return this.integers.code(this.port, context, value);
  }
}

function require(possible: boolean): void {
  if (possible) return;
  throw new HscError('bitstream', 'The .hsc file holds impossible parameters: it is damaged.');
}
