import { parseBases } from '../../src/codecs/klt-jpeg2000/basis';
import { parseFile } from '../../src/core/bitstream/container';
import { VNIR_128 } from '../../src/core/cube/grids';
import { entropyModelFromTensors } from '../../src/core/entropy/model';
import type { HscErrorCode } from '../../src/core/errors';
import { formatSafetensors, parseSafetensors, type Tensor } from '../../src/core/safetensors';
import { localModel } from '../../src/nn/localModels';
import { ModelStore } from '../../src/nn/models';
import { AUTOENCODERS, parseAutoencoder } from '../../src/nn/neighbours/file';
import { parseHyperprior } from '../../src/nn/neighbours/hyperprior';
import { changedParameters } from '../../src/nn/weightDelta';
import { parseCheckpoint } from '../../src/training/checkpoint';
import { fileBytes, fileSeed, magnitude, seedOf, slowSeed } from '../files';
import { tinyStore } from '../models';
import { safetensorsShell } from '../shells';
import type { Accepted, Part, Seed, Target } from '../types';

const CODES: readonly HscErrorCode[] = ['bad-file', 'truncated', 'limit', 'unsupported'];

/** Tensors of every type, of no and of many dimensions. */
function smallFile(): Uint8Array {
  const tensors = new Map<string, Tensor>([
    ['a', { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) }],
    ['b', { dtype: 'F16', shape: [3], data: Float32Array.of(1, 2, 3) }],
    ['c.d', { dtype: 'I16', shape: [1, 1, 2], data: new Int16Array(2) }],
    ['e', { dtype: 'U8', shape: [], data: new Uint8Array(1) }],
    ['f', { dtype: 'F64', shape: [0, 4], data: new Float64Array(0) }],
  ]);
  return formatSafetensors({ tensors, metadata: { format: 'x', more: 'y' } });
}

/** Arrays in arrays, as deep as a header of its size can be. */
function nested(): Uint8Array {
  const depth = 60_000;
  const json = `{"__metadata__":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  return safetensorsShell.close(Buffer.from(json), new Uint8Array(8));
}

async function runContainer([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { tensors, metadata } = parseSafetensors(bytes);
  const types = [...tensors.values()].map(({ dtype }) => dtype);
  return { shape: `${types.join(' ')} ${Object.keys(metadata).length}` };
}

async function runEntropy([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { tensors, metadata } = parseSafetensors(bytes);
  const { spec, shifts } = ENTROPY_FIELDS;
  const model = entropyModelFromTensors(tensors, spec, shifts);
  return { shape: `${model.targets} ${Object.keys(metadata)}` };
}

const GOLDEN_ENTROPY = 'src/core/bitstream/golden/model.safetensors';
const ENTROPY_FIELDS = (() => {
  const { metadata } = parseSafetensors(fileBytes(GOLDEN_ENTROPY));
  return { spec: JSON.parse(metadata.spec), shifts: JSON.parse(metadata.shifts) };
})();

/** As the studio takes weights in: its entry goes from the worker to the page. */
async function runWeights([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { entry } = await localModel(bytes, undefined, (codec) => codec);
  structuredClone(entry);
  const { lineage, name } = entry.local;
  return { shape: `${entry.codec} ${magnitude(name.length)} ${lineage !== undefined}` };
}

const TINY = ['hific-opt', 'hific-se', 'hific-3d'].map(
  (id) => `src/nn/golden/tiny-${id}.safetensors`,
);

/** Weights that say where they come from, with settings that nest. */
function tuned(settings: string): Uint8Array {
  const { tensors, metadata } = parseSafetensors(fileBytes(TINY[0]));
  const lineage = {
    parent: 'hific-opt',
    parentDigest: '0123abcd',
    scenes: ['field'],
    settings: { part: 'all', objective: 'mse' },
    step: 40,
    date: '2024-05-06',
  };
  const training = JSON.stringify({ name: 'field', lineage }).replace('"mse"', `"mse",${settings}`);
  const small = { grid: 'tiny-16', ...metadata, training };
  return formatSafetensors({ tensors, metadata: small });
}

async function weightsSeeds(): Promise<Seed[]> {
  const deep = `"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  return [
    ...TINY.map(fileSeed),
    seedOf('tuned', tuned('"steps":40')),
    slowSeed('deep', tuned(deep)),
  ];
}

const DELTA_FILE = 'src/codecs/golden/hific-delta.hsc';

function deltaHeader() {
  const { header } = parseFile(fileBytes(DELTA_FILE));
  if (header.family === 'hific') return header.model;
  throw new Error(`${DELTA_FILE} is no file of a learned codec.`);
}

async function runDelta([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const models = await store();
  const entry = await models.findByDigest(deltaHeader().digest);
  const base = await models.load(entry?.id ?? 'hific-opt');
  const parameters = changedParameters(base.file, bytes);
  const changed = [...parameters].filter(([name, own]) => own !== base.file.parameters.get(name));
  return { shape: `${changed.length} tensors` };
}

let tiny: Promise<ModelStore> | undefined;
const store = () => {
  tiny ??= tinyStore();
  return tiny;
};

async function deltaSeeds(): Promise<Seed[]> {
  const { delta } = deltaHeader();
  return delta ? [seedOf('delta', delta)] : [];
}

async function runBases([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { mean, scaled } = parseBases(bytes, VNIR_128);
  return { shape: `${mean.length} ${scaled.length}` };
}

async function runAutoencoder([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { id, steps } = await parseAutoencoder(Uint8Array.from(bytes));
  return { shape: `${id} ${steps.length}` };
}

async function runHyperprior([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { groups, components } = await parseHyperprior(Uint8Array.from(bytes));
  return { shape: `${groups} ${components}` };
}

const hyperpriorSeeds = async () => [
  fileSeed('src/nn/neighbours/golden/tiny-hyperprior.safetensors'),
];

const autoencoderSeeds = async () =>
  Object.keys(AUTOENCODERS).map((id) =>
    fileSeed(`src/nn/neighbours/golden/tiny-${id}.safetensors`),
  );

async function basesSeeds(): Promise<Seed[]> {
  const bands = VNIR_128.bands;
  const mean: Tensor = { dtype: 'F32', shape: [bands], data: new Float32Array(bands) };
  const scaled: Tensor = {
    dtype: 'F32',
    shape: [1, 2, bands],
    data: new Float32Array(2 * bands),
  };
  const metadata = { format: 'hsc-klt-1', grid: VNIR_128.name };
  return [
    seedOf(
      'bases',
      formatSafetensors({
        tensors: new Map([
          ['mean', mean],
          ['scaled', scaled],
        ]),
        metadata,
      }),
    ),
  ];
}

async function runManifest([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const models = new ModelStore(async () => bytes);
  const entries = await models.entries();
  await models.findByDigest('0123abcd');
  await models.hasBases('vnir-128');
  await models.neighbourGrid('cae-1d');
  return { shape: `${entries.length} models` };
}

async function runCheckpoint([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { tensors, values } = parseCheckpoint(bytes);
  return { shape: `${Object.keys(tensors)} ${Object.keys(values)}` };
}

async function checkpointSeeds(): Promise<Seed[]> {
  const own: Tensor = { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) };
  const tensors = new Map([
    ['weights/a', own],
    ['moments/a', own],
  ]);
  const metadata = { format: 'hsc-training-1', values: JSON.stringify({ step: 4, random: 99 }) };
  return [seedOf('checkpoint', formatSafetensors({ tensors, metadata }))];
}

const shells = [safetensorsShell];

export const WEIGHTS: readonly Target[] = [
  {
    name: 'safetensors',
    weight: 5,
    codes: CODES,
    shells,
    seeds: async () => [seedOf('small', smallFile()), slowSeed('nested', nested())],
    run: runContainer,
  },
  {
    name: 'entropy model',
    weight: 2,
    codes: CODES,
    shells,
    seeds: async () => [fileSeed(GOLDEN_ENTROPY)],
    run: runEntropy,
  },
  { name: 'weights', weight: 1, codes: CODES, shells, seeds: weightsSeeds, run: runWeights },
  {
    name: 'weight changes',
    weight: 1,
    codes: ['bitstream', 'truncated'],
    seeds: deltaSeeds,
    run: runDelta,
  },
  { name: 'bases', weight: 1, codes: CODES, shells, seeds: basesSeeds, run: runBases },
  {
    name: 'autoencoders',
    weight: 1,
    codes: CODES,
    shells,
    seeds: autoencoderSeeds,
    run: runAutoencoder,
  },
  {
    name: 'hyperprior',
    weight: 1,
    codes: CODES,
    shells,
    seeds: hyperpriorSeeds,
    run: runHyperprior,
  },
  {
    name: 'manifest',
    weight: 2,
    codes: ['bad-file'],
    seeds: async () => [
      { name: 'manifest', parts: [{ ...fileSeed('models/manifest.json').parts[0], text: true }] },
    ],
    run: runManifest,
  },
  {
    name: 'checkpoint',
    weight: 1,
    codes: CODES,
    shells,
    seeds: checkpointSeeds,
    run: runCheckpoint,
  },
];
