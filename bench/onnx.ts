import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { type Networks, POSITION, type Repeat } from './networks';
import { type OnnxTimes, runtimeTimes } from './onnxRuntime';
import { interpreter } from './pytorch';

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

/**
 * Writes the networks of a weights file as analysis.onnx and synthesis.onnx into `folder`; false where there
 * is no PyTorch or its exporter.
 */
export function exportOnnx(root: string, folder: string, weights: string, side: number): boolean {
  const python = interpreter(root);
  const packages = python && exporterPackages(root, python);
  if (!packages) return false;
  const script = join(root, 'bench', 'onnx_export.py');
  const args = [script, weights, folder, '--side', `${side}`, '--position', `${POSITION}`];
  const env = { ...process.env, PYTHONPATH: packages };
  const { status, stderr } = spawnSync(python, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`onnx_export.py failed:\n${stderr}`);
  return true;
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
  repeat: Repeat,
): Promise<OnnxTimes | undefined> {
  if (!exportOnnx(root, folder, weights, side)) return undefined;
  const [analysis, synthesis] = ['analysis', 'synthesis'].map((name) =>
    readFileSync(join(folder, `${name}.onnx`)),
  );
  const given = { provider: 'wasm', analysis, synthesis, image: onGrid, side, own } as const;
  return runtimeTimes(ort, given, repeat);
}
