import { encodeSamples } from '../samples';

/** TIFF field types (TIFF 6.0, section 2) as far as the writer needs them. */
export type Field =
  | { readonly type: 'short' | 'long' | 'double'; readonly values: readonly number[] }
  | { readonly type: 'ascii'; readonly text: string };

const TYPE_CODES = { ascii: 2, short: 3, long: 4, double: 12 } as const;
const ENTRY_BYTES = 12;
const INLINE_BYTES = 4;

export const HEADER_BYTES = 8;

/**
 * A little-endian TIFF header and one directory, with the values that do not fit into it
 * behind. `fields` are keyed by tag number.
 */
export function encodeDirectory(fields: ReadonlyMap<number, Field>): Uint8Array<ArrayBuffer> {
  const entries = [...fields].sort(([a], [b]) => a - b).map(([tag, field]) => encode(tag, field));
  const tableBytes = 2 + entries.length * ENTRY_BYTES + 4;
  let end = HEADER_BYTES + tableBytes;
  const offsets = entries.map(({ bytes }) => {
    if (bytes.length <= INLINE_BYTES) return 0;
    const offset = end;
    // Values start on even bytes.
    end += bytes.length + (bytes.length % 2);
    return offset;
  });
  const out = new Uint8Array(end);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, HEADER_BYTES, true);
  view.setUint16(HEADER_BYTES, entries.length, true);
  entries.forEach(({ tag, code, count, bytes }, index) => {
    const at = HEADER_BYTES + 2 + index * ENTRY_BYTES;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, code, true);
    view.setUint32(at + 4, count, true);
    if (offsets[index] === 0) out.set(bytes, at + 8);
    else {
      view.setUint32(at + 8, offsets[index], true);
      out.set(bytes, offsets[index]);
    }
  });
  return out;
}

function encode(tag: number, field: Field) {
  const code = TYPE_CODES[field.type];
  if (field.type === 'ascii') {
    const bytes = new TextEncoder().encode(`${field.text}\0`);
    return { tag, code, count: bytes.length, bytes };
  }
  const Values = { short: Uint16Array, long: Uint32Array, double: Float64Array }[field.type];
  const bytes = encodeSamples(Values.from(field.values));
  return { tag, code, count: field.values.length, bytes };
}
