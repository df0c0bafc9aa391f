import { checkSame, type Repeat, timed, transposed } from './networks';

/** ONNX Runtime Web, in one of its builds. */
export type OnnxRuntime = Pick<
  typeof import('onnxruntime-web/wasm'),
  'env' | 'InferenceSession' | 'Tensor'
>;

/** Median times of E with hyper-analysis, and of G. */
export interface OnnxTimes {
  readonly analysisMs: number;
  readonly synthesisMs: number;
}

interface Given {
  readonly provider: 'wasm' | 'webgpu';
  /** What `onnx_export.py` wrote. */
  readonly analysis: Uint8Array;
  readonly synthesis: Uint8Array;
  /** Image in 0..1 [side, side, bands]. */
  readonly image: Float32Array;
  readonly side: number;
  /** What our networks make of it, of which G's image is made of the latents. */
  readonly own: { readonly latents: Float32Array; readonly image: Float32Array };
}

/** E and G in ONNX Runtime Web, on one thread where it takes threads. Throws where they compute something else. */
export async function runtimeTimes(
  ort: OnnxRuntime,
  { provider, analysis, synthesis, image, side, own }: Given,
  repeat: Repeat,
): Promise<OnnxTimes> {
  ort.env.wasm.numThreads = 1;
  const through = async (network: Uint8Array, values: Float32Array, size: number) => {
    const session = await ort.InferenceSession.create(network, { executionProviders: [provider] });
    const channels = values.length / size ** 2;
    const shape = [1, channels, size, size];
    const input = new ort.Tensor('float32', transposed(values, channels), shape);
    const run = () => session.run({ [session.inputNames[0]]: input });
    const { ms, result } = await timed(run, repeat);
    const { data, dims } = result[session.outputNames[0]];
    const made = transposed(data as Float32Array, dims[2] * dims[3]);
    await session.release();
    return { ms, made };
  };
  const latents = await through(analysis, image, side);
  const restored = await through(synthesis, own.latents, side / 16);
  checkSame('ONNX Runtime Web', latents.made, own.latents);
  checkSame('ONNX Runtime Web', restored.made, own.image);
  return { analysisMs: latents.ms, synthesisMs: restored.ms };
}
