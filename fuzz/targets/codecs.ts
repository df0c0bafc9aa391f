import { decodeLatents, encodeLatents } from '../../src/codecs/autoencoders/payload';
import { openBits } from '../../src/codecs/fileBits';
import { openFile } from '../../src/codecs/hific/decoding';
import { frameOfSymbols } from '../../src/codecs/hific/frame';
import { inspectLatentFile } from '../../src/codecs/hific/inspect';
import { evenly, smoothCube } from '../../src/codecs/hific/testing';
import { formatPayload, parsePayload } from '../../src/codecs/hyperprior/payload';
import { decodeSymbols, encodeSymbols } from '../../src/codecs/hyperprior/symbols';
import { tinyHyperprior } from '../../src/codecs/hyperprior/testing';
import { inspectFile } from '../../src/codecs/inspect';
import { smoothCube as cubeOfType } from '../../src/codecs/lossless/testing';
import { once } from '../../src/codecs/once';
import { openJpegFromPackage } from '../../src/codecs/openjpeg/openjpegNode';
import { createCodecs } from '../../src/codecs/registry';
import type { Codec } from '../../src/codecs/types';
import { parseFile } from '../../src/core/bitstream/container';
import { readFrame, readTile } from '../../src/core/bitstream/latentFile';
import type { SampleType } from '../../src/core/cube/types';
import type { EntropyModel } from '../../src/core/entropy/model';
import { startBackend } from '../../src/nn/backend';
import { nodeBackends } from '../../src/nn/backendNode';
import type { ModelStore } from '../../src/nn/models';
import { parseHyperprior } from '../../src/nn/neighbours/hyperprior';
import { acceptedCube } from '../cubes';
import { digestOf, fileSeed, folderSeeds, magnitude, seedOf } from '../files';
import { shippedStore, tinyStore } from '../models';
import { repaired } from '../repair';
import { metadataShell } from '../shells';
import type { Accepted, Part, Seed, Target } from '../types';
import { FILE_CODES } from './bitstream';

/**
 * Decoding takes time and memory as the image asks for that a header states, up to the limits of the format. Files
 * of larger images than this are taken apart only.
 */
const MOST_SAMPLES = 2 ** 20;

/** Made once: what the tiny networks and everything that ships decode with. */
interface Toolbox {
  readonly models: ModelStore;
  readonly codecs: readonly Codec[];
}

const toolboxes = new Map<'tiny' | 'shipped', Promise<Toolbox>>();

function toolbox(kind: 'tiny' | 'shipped'): Promise<Toolbox> {
  const make = async () => {
    const models = kind === 'tiny' ? await tinyStore() : shippedStore();
    return { models, codecs: await createCodecs(models, openJpegFromPackage) };
  };
  const known = toolboxes.get(kind) ?? make();
  toolboxes.set(kind, known);
  return known;
}

async function codecNamed(kind: 'tiny' | 'shipped', id: string): Promise<Codec> {
  const codec = (await toolbox(kind)).codecs.find(({ meta }) => meta.id === id);
  if (!codec) throw new Error(`There is no codec ${id}.`);
  return codec;
}

/** Decodes a file whole, with the codec that it names. */
function whole(kind: 'tiny' | 'shipped', id: string) {
  return async ([{ bytes }]: readonly Part[]): Promise<Accepted> => {
    const { header, metadata } = parseFile(bytes);
    const { models } = await toolbox(kind);
    const { codec: named } = await inspectFile(bytes, models);
    const { width, height, bands } = header;
    const own = header.family === 'hific' ? header.family : named;
    const large = width * height * bands > MOST_SAMPLES;
    // Another codec's file is that codec's to decode.
    if (large || id !== own) {
      return { shape: `${own}, ${large ? 'large' : 'not decoded'}`, digest: undefined };
    }
    const codec = await codecNamed(kind, named);
    const { cube, symbolDigest } = await codec.decode(bytes);
    return acceptedCube(cube, digestOf(header, metadata, symbolDigest, cube.data));
  };
}

/** Takes a classical file apart, without JPEG 2000. */
async function takeApart([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { models } = await toolbox('shipped');
  const facts = await inspectFile(bytes, models);
  const { bits } = await openBits(bytes, facts, models, undefined, {});
  const parsed = parseFile(bytes);
  return {
    shape: `${facts.codec} ${magnitude(bits.componentBytes?.length ?? 0)}`,
    digest: digestOf(facts, bits, parsed.metadata),
  };
}

/** Symbols, frame and changed weights of a learned file; no network is run. */
async function readLatents([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { family } = parseFile(bytes).header;
  if (family !== 'hific') return { shape: family };
  const { models } = await toolbox('tiny');
  const { parsed, model } = await openFile(bytes, models, {});
  const { entropy } = model.file;
  const frame = readFrame(parsed, entropy);
  if (frame) frameOfSymbols(entropy, frame);
  const tiles = parsed.tiles.map((_, index) => readTile(parsed, entropy, index));
  const { codec, quality } = await inspectLatentFile(parsed, models);
  const { header, metadata } = parsed;
  return {
    shape: [codec, magnitude(tiles.length), frame?.precision.length, quality.position].join(' '),
    digest: digestOf(header, metadata, ...tiles.flatMap(({ zq, q }) => [zq, q])),
  };
}

const TINY_MODEL = 'hific-opt';

async function learnedSeeds(): Promise<Seed[]> {
  await startBackend(nodeBackends(), { only: 'wasm' });
  const sizes = [
    { width: 20, height: 33, metadata: 'none' },
    { width: 200, height: 40, metadata: 'all' },
  ] as const;
  const codec = await codecNamed('tiny', TINY_MODEL);
  const written = await Promise.all(
    sizes.map(async ({ width, height, metadata }) => {
      const cube = smoothCube(width, height, evenly(16));
      const options = { rate: 0.7, bandPolicy: 'refuse', metadata } as const;
      return seedOf(`${width}×${height}`, (await codec.encode(cube, options)).file);
    }),
  );
  return [...written, fileSeed('src/codecs/golden/hific-delta.hsc')];
}

/** Repairing cannot wait for a model: all are loaded with the seeds, by digest. */
const entropies = new Map<string, EntropyModel>();

async function withEntropy(seeds: () => Promise<Seed[]>): Promise<Seed[]> {
  const { models } = await toolbox('tiny');
  for (const { id } of await models.entries()) {
    const { digest, file } = await models.load(id);
    entropies.set(digest, file.entropy);
  }
  return seeds();
}

const LOSSLESS_TYPES: readonly SampleType[] = ['int8', 'uint32', 'float64'];

async function losslessSeeds(): Promise<Seed[]> {
  const codec = await codecNamed('tiny', 'lossless');
  const options = { rate: 0, bandPolicy: 'refuse', metadata: 'all' } as const;
  const written = await Promise.all(
    LOSSLESS_TYPES.map(async (type) => {
      const cube = cubeOfType(type, { width: 4, height: 3, bands: 2 }, 9);
      return seedOf(type, (await codec.encode(cube, options)).file);
    }),
  );
  return [...folderSeeds('src/codecs/lossless/golden', '.hsc'), ...written];
}

async function classicalSeeds(...ids: readonly string[]): Promise<Seed[]> {
  return ids.map((id) => fileSeed(`src/codecs/golden/${id}.hsc`));
}

function fileTarget(
  name: string,
  weight: number,
  seeds: Target['seeds'],
  run: Target['run'],
  more: Partial<Target> = {},
): Target {
  const codes = [...FILE_CODES, 'model-missing', 'model-mismatch', 'choice-needed'] as const;
  return {
    name,
    weight,
    codes,
    checked: true,
    shells: [metadataShell],
    repair: (bytes) => repaired(bytes, (digest) => entropies.get(digest)),
    seeds,
    run,
    ...more,
  };
}

const CLASSICAL = [
  'jpeg2000',
  'pca-jpeg2000',
  'klt-jpeg2000',
  'wavelet-3d',
  'dct-3d',
  'dpcm-dct',
] as const;

const LATENTS = { width: 6, height: 5, bands: 9 };

/** Latents of an autoencoder; no network is run. */
async function readPlanes([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const symbols = await decodeLatents(bytes, LATENTS, {});
  const largest = symbols.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return { shape: `${magnitude(largest)}` };
}

async function planeSeeds(): Promise<Seed[]> {
  const { width, height, bands } = LATENTS;
  const whole = Int32Array.from({ length: width * height * bands }, (_, i) => (i * 37) % 23);
  const seeds = [whole, whole.map((value) => 1000 * value), whole.map(() => 3)];
  return Promise.all(
    seeds.map(async (symbols, i) =>
      seedOf(String(i), (await encodeLatents('0123abcd', symbols, LATENTS, {})).payload),
    ),
  );
}

const GROUPS = { width: 5, height: 3 };
const tinyModel = once(async () => parseHyperprior(tinyHyperprior()));

/** Symbols of the hyperprior's groups; no network is run. */
async function readGroups([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { rate, ...streams } = parsePayload(bytes);
  const groups = await decodeSymbols(await tinyModel(), streams, GROUPS, rate, {});
  const largest = groups.flatMap(({ q }) => [...q]).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return {
    shape: `${magnitude(largest)}`,
    digest: digestOf(...groups.flatMap(({ zq, q }) => [zq, q])),
  };
}

async function groupSeeds(): Promise<Seed[]> {
  const model = await tinyModel();
  const { latentChannels, filters } = model.spec;
  const filled = (count: number, most: number) =>
    Int32Array.from({ length: count }, (_, i) => ((i * 37) % (2 * most + 1)) - most);
  return Promise.all(
    [0, 3, 500].map(async (most, i) => {
      const own = { zq: filled(2 * filters, most), q: filled(15 * latentChannels, most) };
      const groups = Array.from({ length: model.groups }, () => own);
      const rate = 100 * i;
      const streams = await encodeSymbols(model, groups, GROUPS, rate, {});
      return seedOf(String(most), formatPayload({ digest: '0123abcd', rate, ...streams }).payload);
    }),
  );
}

export const CODECS: readonly Target[] = [
  {
    name: 'latents of autoencoders',
    weight: 2,
    codes: ['bitstream', 'truncated'],
    seeds: planeSeeds,
    run: readPlanes,
  },
  {
    name: 'symbols of the hyperprior',
    weight: 2,
    codes: ['bitstream', 'truncated', 'check-failed'],
    seeds: groupSeeds,
    run: readGroups,
  },
  fileTarget('lossless', 13, losslessSeeds, whole('tiny', 'lossless')),
  fileTarget('classical', 8, () => classicalSeeds(...CLASSICAL), takeApart),
  ...CLASSICAL.map((id) =>
    fileTarget(`${id} whole`, 0.6, () => classicalSeeds(id), whole('shipped', id)),
  ),
  fileTarget('hific', 6, () => withEntropy(learnedSeeds), readLatents),
  // Networks take tens of milliseconds even where they are tiny.
  fileTarget('hific whole', 0.2, () => withEntropy(learnedSeeds), whole('tiny', 'hific')),
];
