import { deflateSync } from 'fflate';
import { frameOfSymbols } from '../../src/codecs/hific/frame';
import { ByteWriter } from '../../src/core/bitstream/bytes';
import { parseFile } from '../../src/core/bitstream/container';
import { Crc24 } from '../../src/core/bitstream/crc24';
import type { HificHeader, OpaqueHeader } from '../../src/core/bitstream/header';
import { formatHeader } from '../../src/core/bitstream/header';
import { readFrame, readTile, writeLatentFile } from '../../src/core/bitstream/latentFile';
import { readOpaquePayload, writeOpaqueFile } from '../../src/core/bitstream/opaqueFile';
import { storedRange } from '../../src/core/bitstream/storedRange';
import {
  testFrame,
  testHeader,
  testMetadata,
  testSymbols,
} from '../../src/core/bitstream/testFile';
import { decodeWeightDelta, encodeWeightDelta } from '../../src/core/bitstream/weightDelta';
import { decodeFrame, encodeFrame, frameValues } from '../../src/core/entropy/frameCoder';
import type { EntropyModel } from '../../src/core/entropy/model';
import type { HscErrorCode } from '../../src/core/errors';
import { digestOf, folderSeeds, magnitude, seedOf, slowSeed } from '../files';
import { goldenEntropy } from '../models';
import { repaired } from '../repair';
import { metadataShell } from '../shells';
import type { Accepted, Part, Seed, Target } from '../types';

/** What a damaged .hsc file may be refused with. */
export const FILE_CODES: readonly HscErrorCode[] = [
  'bitstream',
  'bitstream-version',
  'check-failed',
  'truncated',
  'limit',
];

let entropy: EntropyModel | undefined;
const model = () => {
  entropy ??= goldenEntropy();
  return entropy;
};

/** Changes of three tensors: a kernel, a matrix, a vector. */
const DELTA_TARGETS = [{ shape: [3, 3, 2, 4] }, { shape: [5, 6] }, { shape: [4] }];
const delta = () =>
  encodeWeightDelta(
    DELTA_TARGETS.map(({ shape }, tensor) => {
      const length = shape.reduce((size, own) => size * own, 1);
      const steps = Int32Array.from({ length }, (_, i) => ((i * 7) % 5) - 2);
      return { tensor, exponent: -12 + tensor, steps };
    }),
    DELTA_TARGETS,
  );

/** Takes a whole file apart, all symbols among it. */
async function readFile([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const parsed = parseFile(bytes);
  const { header, metadata } = parsed;
  const facts = [
    header.family === 'hific' ? header.family : header.number,
    magnitude(header.width * header.height),
    Object.keys(metadata ?? {}),
  ];
  if (header.family !== 'hific') {
    const payload = readOpaquePayload(parsed);
    return { shape: facts.join(' '), digest: digestOf(header, metadata, payload) };
  }
  const frame = readFrame(parsed, model());
  const values = frame && frameValues(model(), frame);
  if (header.model.delta) decodeWeightDelta(header.model.delta, DELTA_TARGETS);
  const tiles = parsed.tiles.map((_, index) => readTile(parsed, model(), index));
  const symbols = tiles.flatMap(({ zq, q }) => [zq, q]);
  return {
    shape: [...facts, magnitude(tiles.length), frame?.precision.length].join(' '),
    digest: digestOf(header, metadata, values, ...symbols),
  };
}

function latentSeed(
  name: string,
  changes: Partial<HificHeader>,
  frame: number,
  full: boolean,
): Seed {
  const frameBytes = encodeFrame(model(), testFrame(frame, frame));
  const header = testHeader({
    ...changes,
    model: {
      digest: '0123abcd',
      rate: 30 * frame,
      frame: frameBytes,
      ...(full && { delta: delta() }),
    },
  });
  const symbols = testSymbols(header, 7, 2);
  const metadata = full ? testMetadata(header.bands) : undefined;
  return seedOf(name, writeLatentFile(model(), header, symbols, metadata).file);
}

const OPAQUE: OpaqueHeader = {
  family: 'opaque',
  number: 3,
  width: 5,
  height: 4,
  bands: 6,
  sampleType: 'uint16',
  mapping: 'wavelength',
  range: storedRange({ low: 0, high: 1000 }),
};

/** Metadata of which a few bytes would inflate to megabytes. */
function metadataBomb(announced: number, zeros: number): Uint8Array {
  const body = new ByteWriter();
  body.u8(1);
  body.varint(announced);
  body.bytes(deflateSync(new Uint8Array(zeros), { level: 9 }));
  const content = body.finish();
  const file = new ByteWriter();
  file.bytes(formatHeader(OPAQUE, true));
  file.varint(content.length);
  file.bytes(content);
  file.u24(new Crc24().bytes(content).value);
  return file.finish();
}

async function fileSeeds(): Promise<Seed[]> {
  return [
    ...folderSeeds('src/core/bitstream/golden', '.hsc'),
    latentSeed('delta', { width: 17, height: 40, bands: 9 }, 2, true),
    latentSeed('frame', { width: 130, height: 100, bands: 3, mapping: 'position' }, 3, false),
    seedOf('metadata', writeOpaqueFile(OPAQUE, new Uint8Array(9), testMetadata(6)).file),
    slowSeed('bomb', metadataBomb(2 ** 22, 2 ** 22)),
    slowSeed('lying bomb', metadataBomb(9, 2 ** 24)),
  ];
}

async function runDelta([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const changes = decodeWeightDelta(bytes, DELTA_TARGETS);
  return { shape: changes.map(({ exponent }) => Math.sign(exponent)).join(' ') };
}

async function runFrame([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const frame = decodeFrame(model(), bytes);
  if (!frame) return { shape: 'none' };
  const { shift, rotation } = frameOfSymbols(model(), frame);
  if (![shift, ...rotation].every((row) => row.every(Number.isFinite))) {
    throw new Error('The frame is not finite.');
  }
  return { shape: `${frame.precision.length} rows` };
}

async function frameSeeds(): Promise<Seed[]> {
  return [0, 1, 2, 3].map((rows) =>
    seedOf(`frame-${rows}`, encodeFrame(model(), testFrame(40 + rows, rows))),
  );
}

export const BITSTREAM: readonly Target[] = [
  {
    name: 'hsc',
    weight: 22,
    codes: [...FILE_CODES, 'model-mismatch'],
    checked: true,
    shells: [metadataShell],
    repair: (bytes) => repaired(bytes, model),
    seeds: fileSeeds,
    run: readFile,
  },
  {
    name: 'delta',
    weight: 4,
    codes: ['bitstream', 'truncated'],
    seeds: async () => [seedOf('delta', delta())],
    run: runDelta,
  },
  {
    name: 'frame',
    weight: 3,
    codes: ['bitstream', 'truncated', 'check-failed'],
    seeds: frameSeeds,
    run: runFrame,
  },
];
