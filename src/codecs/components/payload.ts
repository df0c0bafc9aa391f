import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';
import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import { type BitPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { HscError } from '../../core/errors';
import { MAX_LEVELS } from '../openjpeg/codestream';
import type { StreamShape } from './streams';

/** A component as a file holds it. */
export interface StoredComponent extends StreamShape {
  /** In whole `OFFSET_STEP`s. */
  readonly offset: number;
  readonly packets: Uint8Array;
}

export interface ComponentPayload {
  /** Samples are whole numbers of 2^(−`stepCode` / 2): 0 … 255. */
  readonly stepCode: number;
  readonly components: readonly StoredComponent[];
}

/**
 * Codes what a family adds to the side information, ahead of the components: the writing port
 * takes it, the reading port tells it.
 */
export type SideCoder = (port: BitPort, components: number) => unknown;

/** More components than bands of any sensor would be a damaged file. */
const MAX_COMPONENTS = 1024;

const [BITS, LEVELS, LENGTH, OFFSET, CONTEXTS] = [0, 1, 2, 3, 4];
const FIRST_BITS = 11;
const FIRST_LEVELS = 3;

/** The payload, and how many of its bytes are side information. Throws `bad-argument`. */
export function writeComponents(
  { stepCode, components }: ComponentPayload,
  own: SideCoder,
): { payload: Uint8Array<ArrayBuffer>; sideInformation: number } {
  const encoder = new RangeEncoder();
  const port = new WritingPort(encoder);
  own(port, components.length);
  codeShapes(port, components.length, components);
  const side = encoder.finish();
  const head = new ByteWriter();
  head.u8(stepCode);
  head.varint(components.length);
  head.varint(side.length);
  head.bytes(side);
  const parts = [head.finish(), ...components.map(({ packets }) => packets)];
  const payload = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    payload.set(part, at);
    at += part.length;
  }
  return { payload, sideInformation: parts[0].length };
}

/** Reads what `writeComponents` writes. Throws `bitstream` or `truncated`. */
export function readComponents(payload: Uint8Array, own: SideCoder): ComponentPayload {
  const reader = new ByteReader(payload);
  const stepCode = reader.u8();
  const count = reader.varint();
  if (count > MAX_COMPONENTS) throw damaged();
  const decoder = new RangeDecoder(reader.bytes(reader.varint()));
  const port = new ReadingPort(decoder);
  own(port, count);
  const shapes = codeShapes(port, count);
  decoder.finish();
  const components = shapes.map(({ length, ...shape }) => ({
    ...shape,
    packets: reader.bytes(length),
  }));
  if (reader.remaining > 0) throw damaged();
  return { stepCode, components };
}

/** Bytes of side information of a payload, without reading it. */
export function sideInformationOf(payload: Uint8Array): number {
  const reader = new ByteReader(payload);
  reader.u8();
  reader.varint();
  reader.bytes(reader.varint());
  return reader.position;
}

interface CodedShape extends StreamShape {
  readonly offset: number;
  readonly length: number;
}

function codeShapes(
  port: BitPort,
  count: number,
  components?: readonly StoredComponent[],
): CodedShape[] {
  const integers = new AdaptiveIntegers(CONTEXTS);
  const shapes: CodedShape[] = [];
  let [bits, levels] = [FIRST_BITS, FIRST_LEVELS];
  for (let i = 0; i < count; i++) {
    const given = components?.[i];
    const offset = integers.code(port, OFFSET, given?.offset ?? 0);
    const length = integers.code(port, LENGTH, given?.packets.length ?? 0);
    if (length < 0) throw damaged();
    if (length > 0) {
      bits += integers.code(port, BITS, given ? given.bits - bits : 0);
      levels += integers.code(port, LEVELS, given ? given.levels - levels : 0);
      if (bits < 9 || bits > 16 || levels < 0 || levels > MAX_LEVELS) throw damaged();
    }
    shapes.push({ offset, length, bits, levels });
  }
  return shapes;
}

function damaged(): HscError {
  return new HscError('bitstream', 'The .hsc file holds impossible components: it is damaged.');
}
