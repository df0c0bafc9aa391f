import type { ValueRange } from '../cube/normalize';
import type { SampleType } from '../cube/types';
import { HscError } from '../errors';
import { type ByteReader, ByteWriter } from './bytes';
import { checkDimensions } from './limits';
import { readRange, writeRange } from './storedRange';

export const FORMAT_VERSION = 1;

/** Numbers of files with latents: HiFiC's, and those that change its weights, which older readers refuse by it. */
const HIFIC = 0;
const HIFIC_WITH_WEIGHTS = 5;
const LARGEST_NUMBER = 31;

/** Whether a codec of its own payload can have the number in files. */
export function isOpaqueNumber(number: number): boolean {
  const own = number === HIFIC || number === HIFIC_WITH_WEIGHTS;
  return Number.isInteger(number) && number >= 0 && number <= LARGEST_NUMBER && !own;
}

/**
 * How the coded bands lie on the model's spectral grid: by their `wavelength`s, by `position`
 * stretched over it, or they `grid` themselves: band i is the grid's band i.
 */
const MAPPINGS = ['wavelength', 'position', 'grid'] as const;

const SAMPLE_TYPES: readonly SampleType[] = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'float64',
];

export type BandMapping = (typeof MAPPINGS)[number];

/** Largest stored rate: 60 steps from one of five settings to the next. */
export const MAX_RATE = 240;

/** Which weights decode a file, and at which rate. */
export interface ModelReference {
  /** First 4 bytes of the weights file's SHA-256, 8 lower-case hexadecimal digits. */
  readonly digest: string;
  /** 0 … 240: 60 times the position between the model's rate settings. */
  readonly rate: number;
  /** Spectral frame of the image as coded by the model (`encodeFrame`); empty for none. */
  readonly frame: Uint8Array;
  /** What the file changes of the weights (`encodeWeightDelta`), a section of its own; none as a rule. */
  readonly delta?: Uint8Array;
}

interface CommonHeader {
  readonly width: number;
  readonly height: number;
  /** Bands that the file holds, which may be fewer than the cube had. */
  readonly bands: number;
  /** Type of the cube's own samples. */
  readonly sampleType: SampleType;
  readonly mapping: BandMapping;
  /** The values that became 0 and 1, as rounded by `storedRange`. */
  readonly range: ValueRange;
}

export interface HificHeader extends CommonHeader {
  readonly family: 'hific';
  readonly model: ModelReference;
}

/** A file whose payload only its codec understands. */
export interface OpaqueHeader extends CommonHeader {
  readonly family: 'opaque';
  /** The codec's, as it has declared itself (`codecs/families.ts`). */
  readonly number: number;
}

export type HscHeader = HificHeader | OpaqueHeader;

/** True where a file starts like a .hsc file of any version. */
export function isHsc(file: Uint8Array): boolean {
  return file[0] === 0x48 && file[1] === 0x53 && file[2] >> 4 === 0xc;
}

/** Header fields, without tile index, metadata or check. Throws `bad-argument` or `limit`. */
export function formatHeader(header: HscHeader, hasMetadata: boolean): Uint8Array<ArrayBuffer> {
  checkDimensions(header.width, header.height, header.bands);
  const writer = new ByteWriter();
  writer.bytes(Uint8Array.of(0x48, 0x53, 0xc0 + FORMAT_VERSION));
  const mapping = MAPPINGS.indexOf(header.mapping);
  writer.u8(familyNumber(header) + (mapping << 5) + (hasMetadata ? 128 : 0));
  writer.u8(SAMPLE_TYPES.indexOf(header.sampleType));
  for (const size of [header.width, header.height, header.bands]) writer.varint(size - 1);
  writeRange(writer, header.range);
  if (header.family === 'hific') writeModel(writer, header.model);
  return writer.finish();
}

function familyNumber(header: HscHeader): number {
  if (header.family === 'hific') return header.model.delta ? HIFIC_WITH_WEIGHTS : HIFIC;
  if (isOpaqueNumber(header.number)) return header.number;
  throw new HscError('bad-argument', `No codec can have the number ${header.number}.`);
}

function writeModel(writer: ByteWriter, { digest, rate, frame }: ModelReference): void {
  if (!/^[0-9a-f]{8}$/.test(digest)) {
    throw new HscError('bad-argument', `The model digest ${digest} is not 8 hexadecimal digits.`);
  }
  if (!Number.isInteger(rate) || rate < 0 || rate > MAX_RATE) {
    throw new HscError('bad-argument', `The rate ${rate} is not a whole number from 0 to 240.`);
  }
  for (let i = 0; i < 8; i += 2) writer.u8(Number.parseInt(digest.slice(i, i + 2), 16));
  writer.u8(rate);
  writer.varint(frame.length);
  writer.bytes(frame);
}

/**
 * Throws `bitstream` for other files and impossible fields, `bitstream-version` for files of a
 * later version, `limit` and `truncated`.
 */
export function parseHeader(reader: ByteReader): {
  header: HscHeader;
  hasMetadata: boolean;
  /** What they are is not known yet: their section comes later. */
  hasWeights: boolean;
} {
  const magic = reader.bytes(3);
  if (!isHsc(magic)) throw new HscError('bitstream', 'This is not a .hsc file.');
  if ((magic[2] & 15) !== FORMAT_VERSION) {
    throw new HscError(
      'bitstream-version',
      `The .hsc file has format version ${magic[2] & 15}; only version ${FORMAT_VERSION} is known here.`,
    );
  }
  const kind = reader.u8();
  const number = kind & LARGEST_NUMBER;
  const hasWeights = number === HIFIC_WITH_WEIGHTS;
  const mapping = MAPPINGS[(kind >> 5) & 3];
  const sampleType = SAMPLE_TYPES[reader.u8()];
  if (!mapping || !sampleType) {
    throw new HscError(
      'bitstream-version',
      'The .hsc file uses a codec or option that is not known here: it is damaged or newer.',
    );
  }
  const [width, height, bands] = [reader.varint() + 1, reader.varint() + 1, reader.varint() + 1];
  checkDimensions(width, height, bands);
  const common = { width, height, bands, sampleType, mapping, range: readRange(reader) };
  const header: HscHeader = isOpaqueNumber(number)
    ? { ...common, family: 'opaque', number }
    : { ...common, family: 'hific', model: readModel(reader) };
  return { header, hasMetadata: kind >= 128, hasWeights };
}

function readModel(reader: ByteReader): ModelReference {
  const bytes = reader.bytes(4);
  const digest = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const rate = reader.u8();
  if (rate > MAX_RATE) {
    throw new HscError('bitstream', 'The .hsc file has an impossible rate: it is damaged.');
  }
  // A copy: headers outlive their files and are passed between threads.
  return { digest, rate, frame: reader.bytes(reader.varint()).slice() };
}
