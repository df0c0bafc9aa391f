import { SAMPLE_ARRAYS, type SampleArray, type SampleType } from '../core/cube/types';
import { HscError } from '../core/errors';
import { float32Of } from '../core/float16';
import { SAMPLE_BYTES } from '../core/metrics/rate';

/**
 * How a file stores its samples. Types that cubes do not have are widened where no value
 * changes: float16 to float32, 64-bit integers to float64 (refused beyond ±2^53).
 */
export type StoredType = SampleType | 'float16' | 'int64' | 'uint64';

type ArrayClass = new (buffer: ArrayBuffer, byteOffset: number, length: number) => SampleArray;
type SizedClass = new (length: number) => SampleArray;

const STORED_BYTES: Record<StoredType, number> = {
  ...SAMPLE_BYTES,
  float16: 2,
  int64: 8,
  uint64: 8,
};

const NATIVE_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Bytes of one sample as the file stores it. */
export function storedBytes(type: StoredType): number {
  return STORED_BYTES[type];
}

/** The type in which samples of a stored type come out. */
export function sampleTypeOf(type: StoredType): SampleType {
  if (type === 'float16') return 'float32';
  return type === 'int64' || type === 'uint64' ? 'float64' : type;
}

/** A zeroed array of `length` samples. Throws `limit` where memory does not suffice. */
export function newSamples(type: SampleType, length: number): SampleArray {
  const Samples: SizedClass = SAMPLE_ARRAYS[type];
  try {
    return new Samples(length);
  } catch (cause) {
    throw new HscError(
      'limit',
      `${length} samples of ${type} do not fit into memory; choose a smaller part of the image.`,
      { cause },
    );
  }
}

/** The sample type of an array in memory. */
export function typeOfSamples(samples: SampleArray): SampleType {
  const found = Object.entries(SAMPLE_ARRAYS).find(([, Samples]) => samples instanceof Samples);
  return found![0] as SampleType;
}

/**
 * Samples from their bytes; takes the bytes over (they may be swapped in place).
 * Throws `unsupported` for a 64-bit integer that float64 cannot hold.
 */
export function decodeSamples(
  bytes: Uint8Array<ArrayBuffer>,
  type: StoredType,
  littleEndian: boolean,
): SampleArray {
  const size = STORED_BYTES[type];
  const own = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  if (littleEndian !== NATIVE_LITTLE_ENDIAN) swapBytes(own, size);
  const length = own.length / size;
  if (type === 'float16') return float32Of(new Uint16Array(own.buffer, own.byteOffset, length));
  if (type === 'int64') return narrow64(new BigInt64Array(own.buffer, own.byteOffset, length));
  if (type === 'uint64') return narrow64(new BigUint64Array(own.buffer, own.byteOffset, length));
  const Samples: ArrayClass = SAMPLE_ARRAYS[type];
  return new Samples(own.buffer, own.byteOffset, length);
}

/** A copy of the samples as little-endian bytes. */
export function encodeSamples(samples: SampleArray): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = samples;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  if (!NATIVE_LITTLE_ENDIAN) swapBytes(bytes, BYTES_PER_ELEMENT);
  return bytes;
}

/** Reverses the bytes of every `size`-byte sample in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start + size <= bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const kept = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = kept;
    }
  }
}

function narrow64(values: BigInt64Array | BigUint64Array): Float64Array {
  const narrowed = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!Number.isSafeInteger(value)) {
      throw new HscError(
        'unsupported',
        'The file holds 64-bit integers beyond ±2^53, which cannot be kept exactly; save it as float64 or int32.',
      );
    }
    narrowed[i] = value;
  }
  return narrowed;
}
