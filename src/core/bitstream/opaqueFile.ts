import { HscError } from '../errors';
import { formatFile, type HscFile, type HscSections, tileCheck } from './container';
import type { OpaqueHeader } from './header';
import type { HscMetadata } from './metadata';

/** Writes a file whose payload only its codec understands. Throws `bad-argument` or `limit`. */
export function writeOpaqueFile(
  header: OpaqueHeader,
  payload: Uint8Array,
  metadata?: HscMetadata,
): { file: Uint8Array<ArrayBuffer>; sections: HscSections } {
  return formatFile(header, metadata, [payload], [(crc) => crc.bytes(payload)]);
}

/** The verified payload of a parsed file. Throws `check-failed` where file or header is damaged. */
export function readOpaquePayload({ header, tiles, headerBytes }: HscFile): Uint8Array {
  if (header.family === 'hific') {
    throw new HscError('bad-argument', 'A hific file holds tiles of latents.');
  }
  const [{ check, payload }] = tiles;
  if (check !== tileCheck(headerBytes, 0, (crc) => crc.bytes(payload))) {
    throw new HscError('check-failed', 'The .hsc file is damaged: its check does not match.');
  }
  return payload;
}
