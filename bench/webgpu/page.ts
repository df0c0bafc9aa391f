/** What runs in the browser: the same networks on WebGPU, by tfjs as the studio runs them and by ONNX Runtime Web. */
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web/webgpu';
import { startBackend } from '../../src/nn/backend';
import { browserBackends } from '../../src/nn/backendBrowser';
import { hyperAnalysis } from '../../src/nn/hyper';
import { ModelStore } from '../../src/nn/models';
import type { Network } from '../../src/nn/network';
import { analysisTransform, synthesisTransform } from '../../src/nn/transforms';
import { POSITION, type Repeat, timed } from '../networks';
import { type OnnxTimes, runtimeTimes } from '../onnxRuntime';

export interface WebGpuReport {
  readonly adapter: string;
  /** From values in memory to values in memory. */
  readonly ours: OnnxTimes;
  readonly onnx: OnnxTimes;
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Values of the tensors that `run` makes of an image or latents, all read back. */
async function throughTfjs(
  values: Float32Array,
  shape: number[],
  run: (x: tf.Tensor4D) => tf.Tensor[],
) {
  const made = tf.tidy(() => run(tf.tensor4d(values, shape as [number, number, number, number])));
  const read = await Promise.all(made.map((one) => one.data<'float32'>()));
  tf.dispose(made);
  return read;
}

async function ours(net: Network, image: Float32Array, side: number, repeat: Repeat) {
  const { bands, latentChannels } = net.spec;
  const analysis = await timed(
    () =>
      throughTfjs(image, [1, side, side, bands], (x) => {
        const y = analysisTransform(net, x);
        return [y, hyperAnalysis(net, y)];
      }),
    repeat,
  );
  const [latents] = analysis.result;
  const synthesis = await timed(
    () =>
      throughTfjs(latents, [1, side / 16, side / 16, latentChannels], (x) => [
        synthesisTransform(net, x, POSITION),
      ]),
    repeat,
  );
  const times = { analysisMs: analysis.ms, synthesisMs: synthesis.ms };
  return { times, latents, image: synthesis.result[0] };
}

/** Measures a model on an image at `/image` (0..1, [side, side, bands]); throws where the results differ. */
async function measure(codec: string, side: number, repeat: Repeat): Promise<WebGpuReport> {
  const none = { plain: '', simd: '', threadedSimd: '' };
  const { chosen } = await startBackend(browserBackends(none), { only: 'webgpu' });
  const store = new ModelStore((file) => bytesOf(`/models/${file}`));
  const model = await store.load(codec);
  const image = new Float32Array((await bytesOf('/image')).buffer);
  const own = await ours(model.network(), image, side, repeat);
  model.release();
  ort.env.wasm.wasmPaths = '/ort/';
  const [analysis, synthesis] = await Promise.all(
    ['analysis', 'synthesis'].map((name) => bytesOf(`/onnx/${name}.onnx`)),
  );
  const given = { provider: 'webgpu', analysis, synthesis, image, side, own } as const;
  const onnx = await runtimeTimes(ort, given, repeat);
  return { adapter: chosen.adapter, ours: own.times, onnx };
}

Object.assign(globalThis, { measure });
