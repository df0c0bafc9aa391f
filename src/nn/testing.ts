/** For tests: golden files of the PyTorch networks, and comparison of tensors with them. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { formatSafetensors, parseSafetensors, type Tensor } from '../core/safetensors';
import { type BackendName, startBackend } from './backend';
import { nodeBackends } from './backendNode';
import { sha256Of } from './modelFile';
import type { ModelFetch } from './models';
import { presetSpec, VARIANTS } from './spec';

export function goldenBytes(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`golden/${name}.safetensors`, import.meta.url)));
}

export function golden(name: string): ReadonlyMap<string, Tensor> {
  return parseSafetensors(goldenBytes(name)).tensors;
}

/** The golden tensors below `prefix.`, without it. */
export function below(
  tensors: ReadonlyMap<string, Tensor>,
  prefix: string,
): ReadonlyMap<string, Tensor> {
  const start = `${prefix}.`;
  return new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(start) ? [[name.slice(start.length), tensor] as const] : [],
    ),
  );
}

export function upload<R extends tf.Rank>(tensor: Tensor): tf.Tensor<R> {
  return tf.tensor(Float32Array.from(tensor.data), [...tensor.shape] as never, 'float32');
}

/** Largest difference of two arrays, over the largest magnitude of the second. */
export function relativeError(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(values[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
    if (Number.isNaN(values[i])) return Number.POSITIVE_INFINITY;
  }
  return worst / scale;
}

export async function useBackend(only: BackendName): Promise<void> {
  await startBackend(nodeBackends(), { only });
}

/**
 * A models folder of the tiny golden networks; `fetched` lists the files asked for. `read` gives a golden
 * file by its name, where that is not beside this module.
 */
export async function goldenModels(
  read: (name: string) => Uint8Array<ArrayBuffer> = goldenBytes,
): Promise<{ fetch: ModelFetch; fetched: string[] }> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const models = await Promise.all(
    VARIANTS.map(async (id) => {
      const bytes = read(`tiny-${id}`);
      const file = `tiny-${id}.safetensors`;
      files.set(file, bytes);
      const { grid, targetRates } = presetSpec('tiny', id);
      const sha256 = await sha256Of(bytes);
      return {
        id,
        codec: id,
        label: id,
        file,
        bytes: bytes.length,
        sha256,
        grid,
        stage: 'fidelity',
        targetRates,
      };
    }),
  );
  files.set('manifest.json', new TextEncoder().encode(JSON.stringify({ models })));
  const fetched: string[] = [];
  const fetch: ModelFetch = async (file, onBytes) => {
    const bytes = files.get(file);
    if (!bytes) throw new Error(`no file ${file}`);
    fetched.push(file);
    onBytes?.(bytes.length);
    return bytes;
  };
  return { fetch, fetched };
}

/** A golden network with something changed, as weights that no manifest lists. */
export function localWeights(
  name: string,
  training: Readonly<Record<string, unknown>>,
  change: (tensors: Map<string, Tensor>) => void = () => {},
): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = parseSafetensors(goldenBytes(name));
  const own = new Map(tensors);
  change(own);
  const record = JSON.stringify(training);
  return formatSafetensors({ tensors: own, metadata: { ...metadata, training: record } });
}
