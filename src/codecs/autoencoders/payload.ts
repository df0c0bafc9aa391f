import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';
import { RangeDecoder } from '../../core/entropy/rangeCoder';
import { HscError } from '../../core/errors';
import { decodeNumbers, encodeNumbers, type NumberShape } from '../lossless/numbers';
import type { JobContext } from '../types';

/** Rounded latents are 16-bit integers. */
export const SYMBOL_LIMITS = [-32768, 32767] as const;

export const DIGEST_BYTES = 4;

/** First 4 bytes of a weights file's SHA-256, from 8 hexadecimal digits. */
export function writeDigest(writer: ByteWriter, digest: string): void {
  for (let i = 0; i < 2 * DIGEST_BYTES; i += 2)
    writer.u8(Number.parseInt(digest.slice(i, i + 2), 16));
}

/** The reverse. Throws `truncated`. */
export function readDigest(reader: ByteReader): string {
  const bytes = Array.from(reader.bytes(DIGEST_BYTES));
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A payload taken apart: whose latents they are, and the two streams that `lossless` has for a cube. */
interface Payload {
  /** First 4 bytes of the weights file's SHA-256, 8 hexadecimal digits. */
  readonly digest: string;
  readonly parameters: Uint8Array;
  readonly latents: Uint8Array;
}

/** Positions and components of latents. */
export type LatentShape = Pick<NumberShape, 'width' | 'height' | 'bands'>;

/** Codes rounded latents [h, w, components] as `lossless` codes the bands of an image. Throws `aborted`, `limit`. */
export async function encodeLatents(
  digest: string,
  symbols: Int32Array,
  shape: LatentShape,
  job: JobContext,
): Promise<{ readonly payload: Uint8Array<ArrayBuffer>; readonly sideInformation: number }> {
  const whole = { ...shape, perSample: 1 };
  const { parameters, samples } = await encodeNumbers(symbols, whole, SYMBOL_LIMITS, () => {}, job);
  const writer = new ByteWriter();
  writeDigest(writer, digest);
  writer.varint(parameters.length);
  writer.bytes(parameters);
  writer.bytes(samples);
  const payload = writer.finish();
  return { payload, sideInformation: payload.length - samples.length };
}

/** Throws `bitstream`, `truncated` for a damaged payload, `limit`, `aborted`. */
export async function decodeLatents(
  payload: Uint8Array,
  shape: LatentShape,
  job: JobContext,
): Promise<Int32Array<ArrayBuffer>> {
  const { parameters, latents } = parsePayload(payload);
  const streams = { parameters: new RangeDecoder(parameters), samples: new RangeDecoder(latents) };
  return decodeNumbers(streams, { ...shape, perSample: 1 }, SYMBOL_LIMITS, job);
}

/** Throws `truncated`, and `bitstream` for an impossible length. */
export function parsePayload(payload: Uint8Array): Payload {
  const reader = new ByteReader(payload);
  const digest = readDigest(reader);
  const length = reader.varint();
  if (length > reader.remaining) {
    throw new HscError('truncated', 'The .hsc file ends within its latents.');
  }
  const parameters = reader.bytes(length);
  return { digest, parameters, latents: reader.bytes(reader.remaining) };
}

/** Bytes of a payload that are no coded latents. Throws as {@link parsePayload}. */
export function sideInformationOf(payload: Uint8Array): number {
  return payload.length - parsePayload(payload).latents.length;
}
