import { ByteReader } from '../src/core/bitstream/bytes';
import { payloadCount, tileCheck } from '../src/core/bitstream/container';
import { CHECK_BYTES, Crc24 } from '../src/core/bitstream/crc24';
import { type HificHeader, parseHeader } from '../src/core/bitstream/header';
import { tileAt } from '../src/core/bitstream/tiles';
import { decodeTile } from '../src/core/entropy/latentCoder';
import type { EntropyModel } from '../src/core/entropy/model';

type ModelOf = (digest: string) => EntropyModel | undefined;

/** More tiles than this are left with the checks that they have. */
const MOST_TILES = 64;

/**
 * A damaged .hsc file with every check made to fit what stands there: header, metadata, weights and
 * payloads, so that what lies behind the checks is reached. Throws where the file makes no sense any more; what was
 * repaired until then is lost. `modelOf`: by digest, for files with latents, whose checks cover the decoded
 * symbols.
 */
export function repaired(bytes: Uint8Array, modelOf: ModelOf = () => undefined): Uint8Array {
  const out = bytes.slice();
  const reader = new ByteReader(out);
  const check = (value: number) => {
    out.set([value & 255, (value >> 8) & 255, value >> 16], reader.position);
    reader.u24();
  };
  const { header, hasMetadata, hasWeights } = parseHeader(reader);
  const tiles = payloadCount(header);
  if (tiles > out.length) return out;
  const lengths = tiles > 1 ? Array.from({ length: tiles }, () => reader.varint()) : [];
  const headerBytes = out.subarray(0, reader.position);
  if (tiles > 1) check(new Crc24().bytes(headerBytes).value);
  if (hasMetadata) check(new Crc24().bytes(reader.bytes(reader.varint())).value);
  if (hasWeights) {
    check(new Crc24().bytes(headerBytes).bytes(reader.bytes(reader.varint())).value);
  }
  for (let tile = 0; tile < Math.min(tiles, MOST_TILES); tile++) {
    const from = reader.position;
    const length = lengths[tile] ?? reader.remaining - CHECK_BYTES;
    const payload = out.subarray(from + CHECK_BYTES, from + CHECK_BYTES + length);
    const content =
      header.family === 'hific'
        ? symbolsOf(header, modelOf(header.model.digest), tile, payload)
        : { zq: undefined, q: undefined };
    if (content) {
      check(
        tileCheck(headerBytes, tile, (crc) =>
          content.zq ? crc.int32(content.zq).int32(content.q) : crc.bytes(payload),
        ),
      );
    } else reader.u24();
    reader.bytes(length);
  }
  return out;
}

function symbolsOf(
  { width, height, model: { rate } }: HificHeader,
  model: EntropyModel | undefined,
  tile: number,
  payload: Uint8Array,
) {
  if (!model) return undefined;
  try {
    return decodeTile(model, rate, tileAt(width, height, tile), payload);
  } catch {
    // No encoder wrote these symbols: there is no check that would fit.
    return undefined;
  }
}
