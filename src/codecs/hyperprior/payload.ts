import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';
import { HscError } from '../../core/errors';
import { DIGEST_BYTES, readDigest, writeDigest } from '../autoencoders/payload';

/** A payload taken apart. */
export interface HyperpriorPayload {
  /** First 4 bytes of the weights file's SHA-256, 8 hexadecimal digits. */
  readonly digest: string;
  /** 60 times the position between the model's targets. */
  readonly rate: number;
  /** The range coder's bytes of all groups' hyper-latents, and of their latents. */
  readonly hyperLatents: Uint8Array;
  readonly latents: Uint8Array;
}

/** Bytes of the head: the weights' name, the rate, a length of up to three bytes. */
export const MOST_HEAD_BYTES = DIGEST_BYTES + 1 + 3;

export function formatPayload(fields: HyperpriorPayload): {
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly sideInformation: number;
} {
  const { digest, rate, hyperLatents, latents } = fields;
  const writer = new ByteWriter();
  writeDigest(writer, digest);
  writer.u8(rate);
  writer.varint(hyperLatents.length);
  writer.bytes(hyperLatents);
  writer.bytes(latents);
  const payload = writer.finish();
  return { payload, sideInformation: payload.length - latents.length };
}

/** Throws `bitstream` for an impossible rate or length, `truncated`. */
export function parsePayload(payload: Uint8Array, highest = 240): HyperpriorPayload {
  const reader = new ByteReader(payload);
  const digest = readDigest(reader);
  const rate = reader.u8();
  if (rate > highest) {
    throw new HscError('bitstream', 'The .hsc file holds an impossible rate: it is damaged.');
  }
  const hyperLatents = reader.bytes(reader.varint());
  return { digest, rate, hyperLatents, latents: reader.bytes(reader.remaining) };
}

/** Bytes of a payload that are no latents. Throws as {@link parsePayload}. */
export function sideInformationOf(payload: Uint8Array): number {
  return payload.length - parsePayload(payload).latents.length;
}
