import { ByteReader } from './bytes';
import { parseFile } from './container';
import { CHECK_BYTES } from './crc24';
import { parseHeader } from './header';

export type SectionKind = 'header' | 'index' | 'metadata' | 'weights' | 'tile' | 'payload';

/** Bytes of a file that belong together, `from` to `to` − 1; their check is a part of them. */
export interface FileSpan {
  readonly kind: SectionKind;
  /** Number of a tile in `tileLayout`, for files of several. */
  readonly tile?: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What lies where in a file, from its first byte to its last without gaps. The tiles of a file of
 * one are its `payload`. Throws as `parseFile`.
 */
export function fileMap(file: Uint8Array): readonly FileSpan[] {
  const { headerBytes, sections } = parseFile(file);
  const { metadata, weights = 0, tiles } = sections;
  const fields = new ByteReader(file);
  parseHeader(fields);
  const spans: FileSpan[] = [];
  let at = 0;
  const take = (length: number, what: Pick<FileSpan, 'kind' | 'tile'>) => {
    if (length > 0) spans.push({ ...what, from: at, to: at + length });
    at += length;
  };
  take(fields.position, { kind: 'header' });
  if (tiles.length > 1) {
    take(headerBytes.length - fields.position + CHECK_BYTES, { kind: 'index' });
  }
  take(metadata, { kind: 'metadata' });
  take(weights, { kind: 'weights' });
  for (const [tile, bytes] of tiles.entries()) {
    const what = tiles.length > 1 ? { kind: 'tile' as const, tile } : { kind: 'payload' as const };
    take(CHECK_BYTES + bytes, what);
  }
  return spans;
}

/** The part of a file that holds a byte. */
export function spanAt(spans: readonly FileSpan[], byte: number): FileSpan | undefined {
  return spans.find(({ from, to }) => byte >= from && byte < to);
}

/** What a damage did to a part of a file. */
export interface SpanDamage {
  readonly span: FileSpan;
  /** Bytes that are there and no longer the same. */
  readonly changed: number;
  /** Bytes that were cut off. */
  readonly missing: number;
}

/** The parts of a file that differ in a damaged copy, in their order. */
export function damagedSpans(
  spans: readonly FileSpan[],
  file: Uint8Array,
  copy: Uint8Array,
): readonly SpanDamage[] {
  return spans
    .map((span) => {
      const end = Math.max(span.from, Math.min(span.to, copy.length));
      let changed = 0;
      for (let at = span.from; at < end; at++) if (file[at] !== copy[at]) changed++;
      return { span, changed, missing: span.to - end };
    })
    .filter(({ changed, missing }) => changed + missing > 0);
}
