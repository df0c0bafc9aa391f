import { gridNamed } from '../core/cube/gridChoice';
import { HscError } from '../core/errors';
import type { Lineage } from './lineage';
import { codecId, digestOf, type ModelFile, parseModelFile } from './modelFile';
import type { ModelEntry } from './models';
import type { Variant } from './spec';

/** What is known of weights that no manifest lists. */
export interface LocalFacts {
  readonly variant: Variant;
  /** What they are called, e.g. after the scene that they were tuned on. */
  readonly name: string;
  /** The codec that they would be of if they had shipped, and its label. */
  readonly like: { readonly codec: string; readonly label: string };
  /** Undefined for weights that say nothing of it. */
  readonly lineage?: Lineage;
}

/** An entry that stands beside the manifest's. */
export interface LocalEntry extends ModelEntry {
  readonly local: LocalFacts;
}

/** Weights that no manifest lists, with their file. */
export interface LocalModel {
  readonly entry: LocalEntry;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Checks a weights file that comes from outside and gives it an entry: a codec of its own, named by
 * variant, stage and digest. `labelOf`: what shipped codecs are called. Throws as `parseModelFile`,
 * `unsupported` for a spectral grid that is not known, `bad-file` for numbers that are not finite.
 */
export async function localModel(
  bytes: Uint8Array<ArrayBuffer>,
  name: string | undefined,
  labelOf: (codec: string) => string,
): Promise<LocalModel> {
  const file = await parseModelFile(bytes);
  checkNumbers(file);
  const { spec, sha256, stage, record } = file;
  const codec = codecId(spec.name, stage);
  const digest = digestOf(sha256);
  const id = `${codec}@${digest}`;
  const label = labelOf(codec);
  const called = name?.trim() || record.name || digest;
  const entry: LocalEntry = {
    id,
    codec: id,
    label: `${label}, tuned: ${called}`,
    file: `${id}.safetensors`,
    bytes: bytes.length,
    sha256,
    grid: spec.grid,
    stage,
    targetRates: [...spec.targetRates],
    local: { variant: spec.name, name: called, like: { codec, label }, lineage: record.lineage },
  };
  return { entry, bytes };
}

function checkNumbers({ spec, parameters }: ModelFile): void {
  if (gridNamed(spec.grid).bands !== spec.bands) {
    throw new HscError('bad-file', `The weights are not for the bands of the grid ${spec.grid}.`);
  }
  for (const [name, { data }] of parameters) {
    if (data.every(Number.isFinite)) continue;
    throw new HscError('bad-file', `Tensor ${name} of the weights file is not finite.`);
  }
}
