import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendCandidate } from './backend';

function wasmFolder(): string {
  const entry = createRequire(import.meta.url).resolve(
    '@tensorflow/tfjs-backend-wasm/package.json',
  );
  return `${join(dirname(entry), 'dist')}/`;
}

/** The backends of Node: wasm (SIMD, one thread) and plain JavaScript. */
export function nodeBackends(): BackendCandidate[] {
  const probe = async () => ({ adapter: cpus()[0]?.model ?? 'CPU', software: false });
  return [
    {
      name: 'wasm',
      probe,
      async register() {
        const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
        tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
        setWasmPaths(wasmFolder());
      },
    },
    {
      name: 'cpu',
      probe,
      async register() {
        await import('@tensorflow/tfjs-backend-cpu');
      },
    },
  ];
}
