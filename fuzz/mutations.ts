import type { Random } from './random';

type Bytes = Uint8Array<ArrayBuffer>;

/** One way of damaging bytes; `other` is what another seed has in this place. */
type Mutation = (bytes: Bytes, random: Random, other: Uint8Array) => Bytes;

/** No input grows beyond this. */
export const MAX_PART_BYTES = 2 ** 18;

/** Where counts and sizes overflow, wrap, turn negative or leave the exact integers of a double. */
const EXTREMES = [
  0n,
  1n,
  2n,
  127n,
  128n,
  255n,
  256n,
  16383n,
  32767n,
  32768n,
  65535n,
  65536n,
  2n ** 24n,
  2n ** 28n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 49n - 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Numbers as text, from the plain to what no number is. */
const TEXTS = [
  '0',
  '1',
  '-1',
  '7',
  '65536',
  '2147483647',
  '4294967295',
  '9007199254740993',
  '1e308',
  '1e999',
  '-1e999',
  '1e-400',
  '0.5',
  '-0',
  '0x10',
  'NaN',
  'Infinity',
  '',
  'null',
  '"',
  '{}',
  '[]',
  '[[',
  '\\u0000',
  '\u{1F30D}',
  '99999999999999999999999999999999999',
];

const TOKENS = ['{', '}', '[', ']', '"', "'", ',', ':', '=', '\n', '\r', ';', '(', ')', '\0', '\\'];

const flipBits: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  for (let i = 1 + random.below(4); i > 0; i--) {
    changed[random.below(bytes.length)] ^= 1 << random.below(8);
  }
  return changed;
};

const setBytes: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  const from = random.below(bytes.length);
  changed.set(random.bytes(Math.min(1 + random.below(8), bytes.length - from)), from);
  return changed;
};

const fillBytes: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  const from = random.below(bytes.length);
  return changed.fill(random.pick([0, 255, 32, 128]), from, from + 1 + random.below(32));
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length));

const append: Mutation = (bytes, random) =>
  spliced(bytes, bytes.length, 0, random.chance(0.5) ? random.bytes(random.below(40)) : zeros(9));

const remove: Mutation = (bytes, random) => {
  const { from, length } = range(bytes, random);
  return spliced(bytes, from, length, zeros(0));
};

const duplicate: Mutation = (bytes, random) => {
  const { from, length } = range(bytes, random);
  const times = random.chance(0.1) ? 50 : 1;
  const part = bytes.subarray(from, from + length);
  const copies = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) copies.set(part, i * part.length);
  return spliced(bytes, from, 0, copies);
};

const move: Mutation = (bytes, random) => {
  const { from, length } = range(bytes, random);
  const part = bytes.slice(from, from + length);
  const rest = spliced(bytes, from, length, zeros(0));
  return spliced(rest, random.below(rest.length), 0, part);
};

const splice: Mutation = (bytes, random, other) => {
  const { from, length } = range(other, random);
  const part = other.subarray(from, from + length);
  const at = random.below(bytes.length);
  return spliced(bytes, at, random.chance(0.7) ? part.length : 0, part);
};

const crossOver: Mutation = (bytes, random, other) => {
  const at = random.below(Math.min(bytes.length, other.length));
  return spliced(bytes, at, bytes.length, other.subarray(at));
};

/** A whole number of 2, 4 or 8 bytes that is as large or small as it can be, or off by one. */
const setInteger: Mutation = (bytes, random) => {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const size = random.pick([1, 2, 4, 8]);
  if (bytes.length < size) return changed;
  const room = bytes.length - size + 1;
  const at = random.chance(0.5) ? random.below(room) : size * random.below(Math.ceil(room / size));
  if (at >= room) return changed;
  const little = random.chance(0.6);
  if (size === 1) changed[at] = Number(random.pick(EXTREMES) & 255n);
  else if (size === 2) view.setUint16(at, Number(random.pick(EXTREMES) & 65535n), little);
  else if (size === 4) {
    const near = view.getUint32(at, little) + random.pick([-1, 1]);
    const far = Number(random.pick(EXTREMES) & 0xffffffffn);
    view.setUint32(at, random.chance(0.2) ? near : far, little);
  } else view.setBigUint64(at, BigInt.asUintN(64, random.pick(EXTREMES)), little);
  return changed;
};

/** Puts an extreme LEB128 number in the place of the one that stands there. */
const setVarint: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  let end = at;
  while (end < bytes.length && end - at < 8 && bytes[end] > 127) end++;
  return spliced(bytes, at, end + 1 - at, varint(random.pick(EXTREMES)));
};

const setNumber: Mutation = (bytes, random) => {
  const found = [...latin(bytes).matchAll(/-?\d+(\.\d+)?([eE][+-]?\d+)?/g)];
  if (found.length === 0) return insertText(bytes, random, bytes);
  const { index, 0: old } = random.pick(found);
  return spliced(bytes, index, old.length, utf8(random.pick(TEXTS)));
};

const insertText: Mutation = (bytes, random) =>
  spliced(
    bytes,
    random.below(bytes.length + 1),
    random.chance(0.3) ? 1 : 0,
    utf8(random.pick(random.chance(0.5) ? TOKENS : TEXTS)),
  );

/** Repeats a line, drops it or puts it elsewhere. */
const shuffleLines: Mutation = (bytes, random) => {
  const lines = latin(bytes).split('\n');
  const [line] = lines.splice(random.below(lines.length), random.chance(0.6) ? 1 : 0);
  lines.splice(random.below(lines.length), 0, line ?? random.pick(lines) ?? '');
  return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'));
};

/** Thousands of brackets or numbers where a value stands. */
const nest: Mutation = (bytes, random) => {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['1,', '1'],
    ['{', '}'],
  ]);
  const depth = random.pick([3, 300, 20_000]);
  const text = utf8(open.repeat(depth) + (random.chance(0.5) ? `1${close.repeat(depth)}` : ''));
  return spliced(bytes, random.below(bytes.length), 1 + random.below(8), text);
};

const BINARY: readonly Mutation[] = [
  flipBits,
  flipBits,
  setBytes,
  fillBytes,
  truncate,
  append,
  remove,
  duplicate,
  move,
  splice,
  crossOver,
  setInteger,
  setInteger,
  setInteger,
  setVarint,
];
const TEXT: readonly Mutation[] = [setNumber, setNumber, insertText, shuffleLines];

/** Damages bytes in one to four ways. `text`: they can be read as text. */
export function mutate(bytes: Bytes, other: Uint8Array, text: boolean, random: Random): Bytes {
  let changed = bytes;
  do {
    const asText = text && random.chance(0.7);
    const mutation = asText
      ? random.chance(0.02)
        ? nest
        : random.pick(TEXT)
      : random.pick(BINARY);
    changed = mutation(changed, random, other).slice(0, MAX_PART_BYTES);
  } while (random.chance(0.4));
  return changed;
}

/** Cuts off at every byte, then every bit turned over: how many inputs that makes. */
export function exhaustiveCount(bytes: Uint8Array): number {
  return 9 * bytes.length;
}

/** Input number `index` of {@link exhaustiveCount}. */
export function exhaustive(bytes: Bytes, index: number): Bytes {
  if (index < bytes.length) return bytes.slice(0, index);
  const bit = index - bytes.length;
  const changed = bytes.slice();
  changed[bit >> 3] ^= 1 << (bit & 7);
  return changed;
}

function spliced(bytes: Bytes, at: number, drop: number, put: Uint8Array): Bytes {
  const rest = bytes.subarray(at + drop);
  const out = new Uint8Array(at + put.length + rest.length);
  out.set(bytes.subarray(0, at));
  out.set(put, at);
  out.set(rest, at + put.length);
  return out;
}

function range(bytes: Uint8Array, random: Random): { from: number; length: number } {
  const from = random.below(bytes.length);
  const most = random.chance(0.7) ? 24 : bytes.length;
  return { from, length: 1 + random.below(Math.min(most, bytes.length - from)) };
}

function varint(value: bigint): Uint8Array {
  const groups: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) groups.push(Number(rest & 127n) + 128);
  return Uint8Array.from([...groups, Number(rest)]);
}

function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** One character a byte, so that places in the text are places in the bytes. */
function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
