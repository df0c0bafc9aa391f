/** What runs in the browser: the same networks on WebGPU, by tfjs as the studio runs them and by ONNX Runtime Web. */
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web/webgpu';
import { startBackend } from '../../src/nn/backend';
import { browserBackends } from '../../src/nn/backendBrowser';
import { hyperAnalysis } from '../../src/nn/hyper';
import { ModelStore } from '../../src/nn/models';
import type { Network } from '../../src/nn/network';
import { analysisTransform, synthesisTransform } from '../../src/nn/transforms';
import { checkSame, POSITION, type Repeat, timed, transposed } from '../networks';

/** Median times in milliseconds, from values in memory to values in memory. */
export interface WebGpuTimes {
  readonly analysisMs: number;
  readonly synthesisMs: number;
}

export interface WebGpuReport {
  readonly adapter: string;
  readonly ours: WebGpuTimes;
  readonly onnx: WebGpuTimes;
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

async function throughOnnx(path: string, values: Float32Array, side: number, repeat: Repeat) {
  const session = await ort.InferenceSession.create(await bytesOf(path), {
    executionProviders: ['webgpu'],
  });
  const channels = values.length / side ** 2;
  const input = new ort.Tensor('float32', transposed(values, channels), [1, channels, side, side]);
  const { ms, result } = await timed(() => session.run({ [session.inputNames[0]]: input }), repeat);
  const { data, dims } = result[session.outputNames[0]];
  await session.release();
  return { ms, values: transposed(data as Float32Array, dims[2] * dims[3]) };
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
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/ort/';
  const analysis = await throughOnnx('/onnx/analysis.onnx', image, side, repeat);
  const synthesis = await throughOnnx('/onnx/synthesis.onnx', own.latents, side / 16, repeat);
  checkSame('ONNX Runtime Web', analysis.values, own.latents);
  checkSame('ONNX Runtime Web', synthesis.values, own.image);
  return {
    adapter: chosen.adapter,
    ours: own.times,
    onnx: { analysisMs: analysis.ms, synthesisMs: synthesis.ms },
  };
}

Object.assign(globalThis, { measure });
