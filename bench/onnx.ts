import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { median, type Networks, POSITION } from './networks';
import { checkSame, interpreter } from './pytorch';

/** Median times of ONNX Runtime Web on wasm, one thread. */
export interface OnnxTimes {
  readonly analysisMs: number;
  readonly synthesisMs: number;
}

/** Where PyTorch's exporter finds its packages, fetched on first use; nothing where they are not to be had. */
function exporterPackages(root: string, python: string): string | undefined {
  const folder = join(root, 'node_modules', '.cache', 'bench-onnx');
  if (existsSync(join(folder, 'onnxscript'))) return folder;
  const list = join(root, 'bench', 'requirements.txt');
  const args = ['-m', 'pip', 'install', '-q', '--no-deps', '--target', folder, '-r', list];
  if (spawnSync(python, args, { timeout: 300_000 }).status === 0) return folder;
  rmSync(folder, { recursive: true, force: true });
  return undefined;
}

/** [height · width, channels] to [channels, height · width], or back with the sizes changed round. */
function transposed(values: Float32Array, channels: number): Float32Array {
  const pixels = values.length / channels;
  return Float32Array.from(
    values,
    (_, i) => values[(i % pixels) * channels + Math.floor(i / pixels)],
  );
}

async function timed(
  session: ort.InferenceSession,
  values: Float32Array,
  side: number,
  runs: number,
  warmUp: number,
) {
  const channels = values.length / side ** 2;
  const input = new ort.Tensor('float32', transposed(values, channels), [1, channels, side, side]);
  const times: number[] = [];
  for (let run = -warmUp; ; run++) {
    const start = performance.now();
    const outputs = await session.run({ [session.inputNames[0]]: input });
    if (run >= 0) times.push(performance.now() - start);
    if (run < runs - 1) continue;
    const [first] = session.outputNames;
    const { data, dims } = outputs[first];
    return { ms: median(times), values: transposed(data as Float32Array, dims[2] * dims[3]) };
  }
}

/**
 * The same networks in ONNX Runtime Web, exported by PyTorch; nothing where there is no PyTorch or its
 * exporter. Throws where they compute something else.
 */
export async function onnxTimes(
  root: string,
  folder: string,
  weights: string,
  onGrid: Float32Array,
  side: number,
  own: Networks,
  runs: number,
  warmUp: number,
): Promise<OnnxTimes | undefined> {
  const python = interpreter(root);
  const packages = python && exporterPackages(root, python);
  if (!packages) return undefined;
  const script = join(root, 'bench', 'onnx_export.py');
  const args = [script, weights, folder, '--side', `${side}`, '--position', `${POSITION}`];
  const env = { ...process.env, PYTHONPATH: packages };
  const { status, stderr } = spawnSync(python, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`onnx_export.py failed:\n${stderr}`);
  ort.env.wasm.numThreads = 1;
  const load = (name: string) =>
    ort.InferenceSession.create(readFileSync(join(folder, name)), { executionProviders: ['wasm'] });
  const analysis = await load('analysis.onnx');
  const latents = await timed(analysis, onGrid, side, runs, warmUp);
  await analysis.release();
  const synthesis = await load('synthesis.onnx');
  const image = await timed(synthesis, own.latents, side / 16, runs, warmUp);
  await synthesis.release();
  checkSame('ONNX Runtime Web', latents.values, own.latents);
  checkSame('ONNX Runtime Web', image.values, own.image);
  return { analysisMs: latents.ms, synthesisMs: image.ms };
}
