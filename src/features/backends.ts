import type { BackendName } from '../engine/api';

/** Backends as users know them. */
export const BACKENDS: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
};
