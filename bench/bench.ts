/**
 * Encoding and decoding of one 96 × 96 × 128 patch on wasm, beside PyTorch and ONNX Runtime Web running
 * the same networks with the same weights on the same patch, and the range coder alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openJpegFromPackage } from '../src/codecs/openjpeg/openjpegNode';
import { createCodecs } from '../src/codecs/registry';
import type { Codec, EncodeOptions } from '../src/codecs/types';
import { normalize, valueRange } from '../src/core/cube/normalize';
import type { HyperspectralCube } from '../src/core/cube/types';
import { startBackend } from '../src/nn/backend';
import { nodeBackends } from '../src/nn/backendNode';
import { ModelStore } from '../src/nn/models';
import { fetchFromFolder } from '../src/nn/modelsNode';
import { median, type Networks, networkTimes } from './networks';
import { onnxTimes } from './onnx';
import type { OnnxTimes } from './onnxRuntime';
import { patch, SIDE } from './patch';
import { type PytorchTimes, pytorchTimes } from './pytorch';
import { rangeCoderSpeed } from './rangeCoder';

const WARM_UP = 3;
const OPTIONS: EncodeOptions = { rate: 0.6, bandPolicy: 'refuse', metadata: 'none' };

interface CodecTimes {
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly bytes: number;
  readonly estimatedBytes: number;
}

async function codecTimes(
  codec: Codec,
  cube: HyperspectralCube,
  runs: number,
): Promise<CodecTimes> {
  const encodeMs: number[] = [];
  const decodeMs: number[] = [];
  for (let run = -WARM_UP; ; run++) {
    const encoded = await codec.encode(cube, OPTIONS);
    const decoded = await codec.decode(encoded.file);
    if (run >= 0) {
      encodeMs.push(encoded.milliseconds);
      decodeMs.push(decoded.milliseconds);
    }
    if (run < runs - 1) continue;
    const { file, estimatedBits } = encoded;
    const times = { encodeMs: median(encodeMs), decodeMs: median(decodeMs) };
    return { ...times, bytes: file.length, estimatedBytes: estimatedBits / 8 };
  }
}

const ms = (value: number) => `${value.toFixed(0).padStart(6)} ms`;

/** A time beside our own: `27 ms (3.1)`, the ratio being ours over theirs. */
function beside(own: number, theirs: number | undefined): string {
  const text =
    theirs === undefined ? 'not measured' : `${ms(theirs)} (${(own / theirs).toFixed(2)})`;
  return text.padStart(22);
}

function reportNetworks(own: Networks, pytorch?: PytorchTimes, onnx?: OnnxTimes) {
  const heads = ['ours', 'PyTorch, 2 threads', 'PyTorch, 1 thread', 'ORT Web, 1 thread'];
  const [first, ...others] = heads;
  console.log(
    `  networks alone       ${first.padStart(9)}${others.map((h) => h.padStart(22)).join('')}`,
  );
  for (const [label, pass] of [
    ['E, hyper-analysis', 'analysisMs'],
    ['G', 'synthesisMs'],
  ] as const) {
    const theirs = [pytorch?.[pass][0], pytorch?.[pass][1], onnx?.[pass]];
    const cells = theirs.map((time) => beside(own[pass], time));
    console.log(`  ${label.padEnd(21)}${ms(own[pass])}${cells.join('')}`);
  }
}

function report({ encodeMs, decodeMs }: CodecTimes) {
  const whole = encodeMs + decodeMs;
  console.log(`  encode, whole        ${ms(encodeMs)}   (written, read back, compared)`);
  console.log(`  decode, whole        ${ms(decodeMs)}`);
  console.log(`  encode + decode      ${ms(whole)}   ${whole < 2000 ? 'under' : 'OVER'} 2 s`);
}

function reportAlone(id: string, times: CodecTimes) {
  const { encodeMs, decodeMs, bytes } = times;
  console.log(
    `${id.padEnd(14)} ${ms(encodeMs)} encoding ${ms(decodeMs)} decoding   ${bytes} bytes`,
  );
}

/** Prints the report; 1 where encode + decode takes 2 s or more. */
export async function main(root: string, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '9' } } });
  const runs = Math.max(1, Number(values.runs) || 9);
  const repeat = { runs, warmUp: WARM_UP };
  const { chosen } = await startBackend(nodeBackends());
  const models = join(root, 'models');
  const store = new ModelStore(fetchFromFolder(models));
  const cube = await patch();
  const onGrid = normalize(cube.data, valueRange(cube));
  const folder = mkdtempSync(join(tmpdir(), 'hsc-bench-'));
  console.log(
    `${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}, backend ${chosen.name}; ` +
      `${SIDE} × ${SIDE} × ${cube.bands}, medians of ${runs} runs after ${WARM_UP} for warming up.\n` +
      'Other work on the machine slows all sides: compare the ratios (ours over theirs).',
  );
  let slow = false;
  try {
    const codecs = await createCodecs(store, openJpegFromPackage);
    for (const codec of codecs.filter(({ meta }) => meta.family === 'hific')) {
      const model = await store.load(codec.meta.id);
      const times = await codecTimes(codec, cube, runs);
      const size = `${times.bytes} bytes (table entropy ${times.estimatedBytes.toFixed(1)})`;
      console.log(`\n${codec.meta.id}, rate ${OPTIONS.rate} bpp: file of ${size}`);
      // Weights of the other stages are those of the same networks.
      const entry = (await store.entries()).find(({ id }) => id === codec.meta.id);
      if (entry?.stage === 'fidelity') {
        const own = await networkTimes(model, onGrid, SIDE, repeat);
        const weights = join(models, entry.file);
        const pytorch = pytorchTimes(root, folder, weights, onGrid, own, repeat);
        const onnx = await onnxTimes(root, folder, weights, onGrid, SIDE, own, repeat);
        reportNetworks(own, pytorch, onnx);
      }
      report(times);
      slow ||= times.encodeMs + times.decodeMs >= 2000;
      model.release();
    }
    console.log(`\nthe other codecs, rate ${OPTIONS.rate} bpp where the codec takes one:`);
    for (const codec of codecs.filter(({ meta }) => meta.family !== 'hific')) {
      reportAlone(codec.meta.id, await codecTimes(codec, cube, runs));
    }
    const [first] = await store.entries();
    const { file } = await store.load(first.id);
    const speed = rangeCoderSpeed(file.entropy, runs);
    const rounds = ({ median, best }: typeof speed.encode) =>
      `${median.toFixed(0)} (best round ${best.toFixed(0)})`;
    console.log(
      `\nrange coder, million symbols/s: ${rounds(speed.encode)} encoding, ` +
        `${rounds(speed.decode)} decoding; ${speed.overhead.toFixed(4)} % over the table entropy`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return slow ? 1 : 0;
}
