import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJpegFromPackage } from '../codecs/openjpeg/openjpegNode';
import { createCodecs } from '../codecs/registry';
import type { Codec } from '../codecs/types';
import type { CubeSource, HyperspectralCube } from '../core/cube/types';
import { loadWindow } from '../core/cube/window';
import { HscError } from '../core/errors';
import { sampleScenes } from '../core/samples';
import { pathSources } from '../formats/bytesNode';
import { openFiles } from '../formats/registry';
import type { OpenOptions } from '../formats/types';
import { type BackendName, type BackendReport, startBackend } from '../nn/backend';
import { nodeBackends } from '../nn/backendNode';
import { ModelStore } from '../nn/models';
import { fetchFromFolder } from '../nn/modelsNode';
import { readInput, SAMPLE_PREFIX } from './inputs';

/** The `models` folder of the installation: the first one above this file. */
function installedModels(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'models', 'manifest.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new HscError('model-missing', 'No folder with models was found; name one by --models.');
    }
    folder = parent;
  }
  return join(folder, 'models');
}

export interface ModelOptions {
  /** A folder of models, that of the installation by default. */
  readonly models?: string;
  /** Weights files to install beside these. */
  readonly weights?: readonly string[];
}

/** The models of an installation. Throws what `ModelStore.addLocal` throws, `io`. */
export async function modelStore({ models, weights = [] }: ModelOptions): Promise<ModelStore> {
  const store = new ModelStore(fetchFromFolder(models ?? installedModels()));
  for (const path of weights) {
    await store.addLocal(await readInput(path, 'The weights file '));
  }
  return store;
}

export interface StudioOptions extends ModelOptions {
  readonly backend?: BackendName;
}

/** Codecs on a running backend, headless. */
export interface Studio {
  readonly backend: BackendReport;
  readonly store: ModelStore;
  readonly codecs: readonly Codec[];
  /** Throws `bad-argument` for an unknown id. */
  codec(id: string): Codec;
  /** Codecs of the weights files that were named. */
  readonly named: readonly Codec[];
}

/** Starts the best backend of this machine and reads the list of models. */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { chosen } = await startBackend(nodeBackends(), { only: options.backend });
  const store = await modelStore(options);
  const codecs = await createCodecs(store, openJpegFromPackage);
  return {
    backend: chosen,
    store,
    codecs,
    named: codecs.filter(({ meta }) => store.localEntries().some(({ id }) => id === meta.id)),
    codec(id) {
      const found = codecs.find(({ meta }) => meta.id === id);
      if (found) return found;
      const known = codecs.map(({ meta }) => meta.id).join(', ');
      throw new HscError('bad-argument', `There is no codec ${id}; there are ${known}.`);
    },
  };
}

function openSample(id: string): CubeSource {
  const scene = sampleScenes.find((candidate) => candidate.id === id);
  if (scene) return scene.open();
  const known = sampleScenes.map((candidate) => candidate.id).join(', ');
  throw new HscError('bad-argument', `There is no sample ${id}; there are ${known}.`);
}

export function readWhole(cube: CubeSource): Promise<HyperspectralCube> {
  const { width, height } = cube.info;
  return loadWindow(cube, { x: 0, y: 0, width, height });
}

/** Opens an image with its companions, or a shipped scene, for as long as `use` takes. */
export async function withSource<T>(
  path: string,
  options: OpenOptions,
  use: (source: CubeSource) => Promise<T>,
): Promise<T> {
  if (path.startsWith(SAMPLE_PREFIX)) return use(openSample(path.slice(SAMPLE_PREFIX.length)));
  const files = await pathSources(path);
  try {
    const { cube } = await openFiles(files, options);
    const result = await use(cube);
    await cube.close();
    return result;
  } finally {
    await Promise.all(files.map((file) => file.close?.()));
  }
}

/** {@link withSource}, read whole. */
export function loadCube(path: string, options: OpenOptions = {}): Promise<HyperspectralCube> {
  return withSource(path, options, readWhole);
}
