import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';
import { HscError } from '../../core/errors';

/** Payload of a codec with one quantiser step: the step, side information, coefficients. */
export interface StepPayload {
  readonly stepCode: number;
  /** The range coder's bytes. */
  readonly side: Uint8Array;
  readonly coefficients: Uint8Array;
}

/** Octaves that step codes span, and codes in each. */
export const OCTAVES = 32;
export const CODES = 128;

/** Step of the quantiser: 512 down to 2^−23. */
export const stepOf = (stepCode: number) => 2 ** (9 - stepCode / CODES);

export function formatPayload(fields: StepPayload): Uint8Array<ArrayBuffer> {
  const head = formatHead(fields);
  const { side, coefficients } = fields;
  const payload = new Uint8Array(head.length + side.length + coefficients.length);
  payload.set(head);
  payload.set(side, head.length);
  payload.set(coefficients, head.length + side.length);
  return payload;
}

function formatHead({ stepCode, side }: StepPayload): Uint8Array {
  const head = new ByteWriter();
  head.u16(stepCode);
  head.varint(side.length);
  return head.finish();
}

/** Throws `bitstream` or `truncated`. */
export function parsePayload(payload: Uint8Array): StepPayload {
  const reader = new ByteReader(payload);
  const stepCode = reader.u16();
  if (stepCode >= OCTAVES * CODES) {
    throw new HscError('bitstream', 'The .hsc file holds an impossible step: it is damaged.');
  }
  const side = reader.bytes(reader.varint());
  return { stepCode, side, coefficients: reader.bytes(reader.remaining) };
}

/** Bytes of a payload that are no samples. Throws as {@link parsePayload}. */
export function sideInformationOf(payload: Uint8Array): number {
  const fields = parsePayload(payload);
  return formatHead(fields).length + fields.side.length;
}
