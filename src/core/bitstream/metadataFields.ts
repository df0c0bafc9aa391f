import { HscError } from '../errors';
import type { ByteReader, ByteWriter } from './bytes';
import { HSC_LIMITS } from './limits';
import type { BandSelection } from './metadata';

/** Wavelengths are stored in whole picometres. */
const PICOMETRES = 1000;
const MAX_NANOMETRES = 1e9;

/** How one kind of value is stored. `read` gets exactly the value's bytes. */
export interface FieldCodec<T> {
  readonly write: (writer: ByteWriter, value: T) => void;
  readonly read: (reader: ByteReader, bands: number) => T;
}

export const text: FieldCodec<string> = {
  write: (writer, value) => writer.text(value),
  read: (reader) => reader.text(),
};

export const texts: FieldCodec<readonly string[]> = {
  write: (writer, values) => {
    writer.varint(values.length);
    for (const value of values) writer.text(value);
  },
  read: (reader) => Array.from({ length: countOf(reader) }, () => reader.text()),
};

export const varint: FieldCodec<number> = {
  write: (writer, value) => writer.varint(value),
  read: (reader) => reader.varint(),
};

export const double: FieldCodec<number> = {
  write: (writer, value) => writer.f64(value),
  read: (reader) => reader.f64(),
};

export const transform: FieldCodec<readonly [number, number, number, number, number, number]> = {
  write: (writer, values) => {
    for (const value of values) writer.f64(value);
  },
  read: (reader) => [
    reader.f64(),
    reader.f64(),
    reader.f64(),
    reader.f64(),
    reader.f64(),
    reader.f64(),
  ],
};

export const bandTriple: FieldCodec<readonly [number, number, number]> = {
  write: (writer, values) => {
    for (const value of values) writer.varint(value);
  },
  read: (reader) => [reader.varint(), reader.varint(), reader.varint()],
};

/**
 * One value a band in nm, rounded to 0.001 nm: differences from the straight line through the two
 * values before, which are small for a spectrometer's nearly even steps.
 */
export const nanometres: FieldCodec<readonly number[]> = {
  write: (writer, values) => {
    let [before, last] = [0, 0];
    for (const [i, nm] of values.entries()) {
      if (!(Math.abs(nm) <= MAX_NANOMETRES)) {
        throw new HscError('bad-argument', `The wavelength ${nm} nm cannot be stored.`);
      }
      const value = Math.round(nm * PICOMETRES);
      writer.zigzag(value - predict(i, before, last));
      [before, last] = [last, value];
    }
  },
  read: (reader, bands) => {
    let [before, last] = [0, 0];
    return Array.from({ length: bands }, (_, i) => {
      const value = predict(i, before, last) + reader.zigzag();
      if (Math.abs(value) > MAX_NANOMETRES * PICOMETRES) throw damaged();
      [before, last] = [last, value];
      return value / PICOMETRES;
    });
  },
};

function predict(index: number, before: number, last: number): number {
  return index < 2 ? last : 2 * last - before;
}

/** Ascending indices as runs: how many are skipped, how many follow. */
export const indices: FieldCodec<readonly number[]> = {
  write: (writer, values) => {
    let next = 0;
    for (let i = 0; i < values.length; ) {
      let run = 1;
      while (values[i + run] === values[i] + run) run++;
      writer.varint(values[i] - next);
      writer.varint(run);
      next = values[i] + run;
      i += run;
    }
  },
  read: (reader) => {
    const values: number[] = [];
    let next = 0;
    while (reader.remaining > 0) {
      const start = next + reader.varint();
      const run = reader.varint();
      if (run < 1 || values.length + run > HSC_LIMITS.bands) throw damaged();
      for (let i = 0; i < run; i++) values.push(start + i);
      next = start + run;
    }
    return values;
  },
};

export const selection: FieldCodec<BandSelection> = {
  write: (writer, { sourceBands, codedBands }) => {
    writer.varint(sourceBands);
    indices.write(writer, codedBands);
  },
  read: (reader, bands) => ({
    sourceBands: reader.varint(),
    codedBands: indices.read(reader, bands),
  }),
};

/** Every text takes a byte at least, which bounds the allocation. */
function countOf(reader: ByteReader): number {
  const count = reader.varint();
  if (count > reader.remaining) throw damaged();
  return count;
}

function damaged(): HscError {
  return new HscError('bitstream', 'The metadata of the .hsc file are malformed.');
}
