import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';
import { HscError } from '../../core/errors';
import type { Alphabet } from './alphabet';
import type { WordForm } from './sampleWords';

/**
 * A payload taken apart: how words become samples, how numbers become words but for a palette's
 * entries, and the two range-coder streams.
 */
export interface Payload {
  readonly form: WordForm;
  readonly alphabet: StoredAlphabet;
  readonly parameters: Uint8Array;
  readonly samples: Uint8Array;
}

type StoredAlphabet = Exclude<Alphabet, { kind: 'palette' }> | { readonly kind: 'palette' };

/** Position in these lists = number in files. */
const FORMS = ['integer', 'divide', 'multiply', 'single', 'double'] as const;
const ALPHABETS = ['every', 'lattice', 'palette'] as const;
const ALPHABET_SHIFT = 4;

export function formatPayload(payload: Payload): Uint8Array<ArrayBuffer> {
  const { form, alphabet, parameters, samples } = payload;
  const writer = new ByteWriter();
  const name = form.kind === 'scaled' ? form.scale.operation : form.kind;
  writer.u8(FORMS.indexOf(name) + (ALPHABETS.indexOf(alphabet.kind) << ALPHABET_SHIFT));
  if (form.kind === 'scaled') writer.f64(form.scale.factor);
  if (alphabet.kind === 'lattice') {
    writer.zigzag(alphabet.offset);
    writer.varint(alphabet.step);
  }
  writer.varint(parameters.length);
  const fields = writer.finish();
  const bytes = new Uint8Array(fields.length + parameters.length + samples.length);
  bytes.set(fields);
  bytes.set(parameters, fields.length);
  bytes.set(samples, fields.length + parameters.length);
  return bytes;
}

/** Throws `bitstream` and `truncated`. */
export function parsePayload(bytes: Uint8Array): Payload {
  const reader = new ByteReader(bytes);
  const kinds = reader.u8();
  const form = readForm(reader, FORMS[kinds & 15]);
  const alphabet = readAlphabet(reader, ALPHABETS[kinds >> ALPHABET_SHIFT]);
  if (!form || !alphabet) {
    throw new HscError('bitstream', 'The .hsc file codes its samples in an impossible way.');
  }
  const parameters = reader.bytes(reader.varint());
  return { form, alphabet, parameters, samples: reader.bytes(reader.remaining) };
}

function readForm(
  reader: ByteReader,
  name: (typeof FORMS)[number] | undefined,
): WordForm | undefined {
  if (name !== 'divide' && name !== 'multiply') return name && { kind: name };
  const factor = reader.f64();
  if (!(factor > 0 && factor < Number.POSITIVE_INFINITY)) return undefined;
  return { kind: 'scaled', scale: { operation: name, factor } };
}

function readAlphabet(
  reader: ByteReader,
  kind: (typeof ALPHABETS)[number] | undefined,
): StoredAlphabet | undefined {
  if (kind !== 'lattice') return kind && { kind };
  const [offset, step] = [reader.zigzag(), reader.varint()];
  const impossible = Math.abs(offset) > 2 ** 31 || step < 2 || step > 2 ** 32;
  return impossible ? undefined : { kind, offset, step };
}

/** Bytes of a payload by section: parameters, and coded samples. Throws as {@link parsePayload}. */
export function inspectPayload(bytes: Uint8Array): {
  readonly sideInformation: number;
  readonly latents: number;
} {
  const latents = parsePayload(bytes).samples.length;
  return { sideInformation: bytes.length - latents, latents };
}
