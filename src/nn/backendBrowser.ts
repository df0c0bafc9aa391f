import * as tf from '@tensorflow/tfjs-core';
import type { Adapter, BackendCandidate } from './backend';

/** URLs of tfjs's three wasm files, as the bundler names them. */
export interface WasmUrls {
  readonly plain: string;
  readonly simd: string;
  readonly threadedSimd: string;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

async function probeWebGpu(): Promise<Adapter> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (!gpu) throw new Error('this browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no WebGPU adapter is available');
  const { info } = adapter;
  const words = [info.description, info.vendor, info.architecture, info.device];
  const name = [...new Set(words.filter(Boolean))].join(' ') || 'unnamed adapter';
  return { adapter: name, software: info.isFallbackAdapter || SOFTWARE.test(name) };
}

async function probeWebGl(): Promise<Adapter> {
  if (typeof OffscreenCanvas === 'undefined') throw new Error('this browser has no WebGL here');
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) throw new Error('this browser has no WebGL 2');
  const details = gl.getExtension('WEBGL_debug_renderer_info');
  const adapter = String(gl.getParameter(details?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { adapter, software: SOFTWARE.test(adapter) };
}

const CPU: Adapter = { adapter: 'CPU', software: false };

/** The backends of a page or a worker; each one's code is loaded when it is tried. */
export function browserBackends(wasm: WasmUrls): BackendCandidate[] {
  return [
    {
      name: 'webgpu',
      probe: probeWebGpu,
      async register() {
        await import('@tensorflow/tfjs-backend-webgpu');
      },
    },
    {
      name: 'webgl',
      probe: probeWebGl,
      async register() {
        await import('@tensorflow/tfjs-backend-webgl');
        // The default unfolds a convolution's input nine times, half a gigabyte for a window.
        tf.env().set('WEBGL_EXP_CONV', true);
      },
    },
    {
      name: 'wasm',
      probe: async () => CPU,
      async register() {
        const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
        // The threaded build hangs in minified bundles under cross-origin isolation.
        tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
        setWasmPaths({
          'tfjs-backend-wasm.wasm': wasm.plain,
          'tfjs-backend-wasm-simd.wasm': wasm.simd,
          'tfjs-backend-wasm-threaded-simd.wasm': wasm.threadedSimd,
        });
      },
    },
    {
      name: 'cpu',
      probe: async () => CPU,
      async register() {
        await import('@tensorflow/tfjs-backend-cpu');
      },
    },
  ];
}
