import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';
import { HscError } from '../../core/errors';
import { MOST_PLANES } from './planeCoder';

export interface WaveletPayload {
  /** Coefficients are coded in steps of 2^(9 − `stepCode` / 8). */
  readonly stepCode: number;
  /** The most significant bit plane. */
  readonly top: number;
  /**
   * How far below the middle of its interval a magnitude is put, in 32nds of the interval: one that has
   * just become significant, one that was refined.
   */
  readonly biases: readonly [number, number];
  /** Blocks and coefficients that were coded before the budget ended it. */
  readonly visits: number;
  /** The range coder's bytes. */
  readonly side: Uint8Array;
  readonly planes: Uint8Array;
}

export const stepOf = (stepCode: number) => 2 ** (9 - stepCode / CODES);
/** Octaves that step codes span, and codes in each. */
export const OCTAVES = 32;
export const CODES = 8;
export const MOST_BIAS = 15;

export function formatPayload(fields: WaveletPayload): Uint8Array<ArrayBuffer> {
  const head = formatHead(fields);
  const { side, planes } = fields;
  const payload = new Uint8Array(head.length + side.length + planes.length);
  payload.set(head);
  payload.set(side, head.length);
  payload.set(planes, head.length + side.length);
  return payload;
}

function formatHead({ stepCode, top, biases, visits, side }: WaveletPayload): Uint8Array {
  const head = new ByteWriter();
  head.u8(stepCode);
  head.u8(top);
  head.u8(biases[0] * 16 + biases[1]);
  head.varint(visits);
  head.varint(side.length);
  return head.finish();
}

/** Bytes that are no samples. */
export function sizeOfHead(fields: WaveletPayload): number {
  return formatHead(fields).length + fields.side.length;
}

/** Throws `bitstream` or `truncated`. */
export function parsePayload(payload: Uint8Array): WaveletPayload {
  const reader = new ByteReader(payload);
  const stepCode = reader.u8();
  const top = reader.u8();
  const both = reader.u8();
  const visits = reader.varint();
  const side = reader.bytes(reader.varint());
  if (top >= MOST_PLANES) {
    throw new HscError('bitstream', 'The .hsc file holds impossible bit planes: it is damaged.');
  }
  const planes = reader.bytes(reader.remaining);
  return { stepCode, top, biases: [both >> 4, both & 15], visits, side, planes };
}
