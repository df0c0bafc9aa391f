/**
 * Encoding and decoding of one 96 × 96 × 128 patch on wasm, beside PyTorch running the same
 * networks with the same weights on the same patch, and the range coder alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openJpegFromPackage } from '../src/codecs/openjpeg/openjpegNode';
import { createCodecs } from '../src/codecs/registry';
import type { Codec, EncodeOptions } from '../src/codecs/types';
import { gridCenters, VNIR_128 } from '../src/core/cube/grids';
import { normalize, valueRange } from '../src/core/cube/normalize';
import { resample, resampleMatrix } from '../src/core/cube/resample';
import type { HyperspectralCube } from '../src/core/cube/types';
import { loadWindow } from '../src/core/cube/window';
import { sampleScenes } from '../src/core/samples';
import { startBackend } from '../src/nn/backend';
import { nodeBackends } from '../src/nn/backendNode';
import { ModelStore } from '../src/nn/models';
import { fetchFromFolder } from '../src/nn/modelsNode';
import { median, type Networks, networkTimes } from './networks';
import { type PytorchTimes, pytorchTimes } from './pytorch';
import { rangeCoderSpeed } from './rangeCoder';

const SIDE = 96;
const WARM_UP = 3;
const OPTIONS: EncodeOptions = { rate: 0.6, bandPolicy: 'refuse', metadata: 'none' };

/** A patch of a simulated scene on the model's own 128 bands. */
async function patch(): Promise<HyperspectralCube> {
  const [scene] = sampleScenes;
  const source = scene.open();
  const cube = await loadWindow(source, { x: 0, y: 0, width: SIDE, height: SIDE });
  const wavelengthsNm = gridCenters(VNIR_128);
  const onGrid = resample(resampleMatrix(cube.wavelengthsNm ?? [], wavelengthsNm), cube.data);
  const data = Uint16Array.from(onGrid, Math.round);
  return { ...cube, bands: VNIR_128.bands, wavelengthsNm, sampleType: 'uint16', data };
}

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

function beside(own: number, reference: number | undefined, threads: number | undefined): string {
  if (reference === undefined) return `${ms(own)}   PyTorch: not measured`;
  const ratio = (own / reference).toFixed(2);
  return `${ms(own)}   PyTorch ${ms(reference)} on ${threads} thread(s)   ratio ${ratio}`;
}

function report(id: string, own: Networks, times: CodecTimes, pytorch: PytorchTimes | undefined) {
  const analysis = beside(own.analysisMs, pytorch?.analysisMs, pytorch?.analysisThreads);
  const synthesis = beside(own.synthesisMs, pytorch?.synthesisMs, pytorch?.synthesisThreads);
  const whole = times.encodeMs + times.decodeMs;
  const size = `${times.bytes} bytes (table entropy ${times.estimatedBytes.toFixed(1)})`;
  console.log(`\n${id}, rate ${OPTIONS.rate} bpp: file of ${size}`);
  console.log(`  E and hyper-analysis  ${analysis}`);
  console.log(`  G                     ${synthesis}`);
  console.log(`  encode, whole         ${ms(times.encodeMs)}   (written, read back, compared)`);
  console.log(`  decode, whole         ${ms(times.decodeMs)}`);
  console.log(`  encode + decode       ${ms(whole)}   ${whole < 2000 ? 'under' : 'OVER'} 2 s`);
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
  const { chosen } = await startBackend(nodeBackends());
  const models = join(root, 'models');
  const store = new ModelStore(fetchFromFolder(models));
  const cube = await patch();
  const onGrid = normalize(cube.data, valueRange(cube));
  const folder = mkdtempSync(join(tmpdir(), 'hsc-bench-'));
  console.log(
    `${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}, backend ${chosen.name}; ` +
      `${SIDE} × ${SIDE} × ${cube.bands}, medians of ${runs} runs after ${WARM_UP} for warming up.\n` +
      'Other work on the machine slows both sides: compare the ratios.',
  );
  let slow = false;
  try {
    const codecs = await createCodecs(store, openJpegFromPackage);
    for (const codec of codecs.filter(({ meta }) => meta.family === 'hific')) {
      const model = await store.load(codec.meta.id);
      const own = await networkTimes(model, onGrid, SIDE, runs, WARM_UP);
      const times = await codecTimes(codec, cube, runs);
      const entry = (await store.entries()).find(({ id }) => id === codec.meta.id);
      const weights = join(models, entry?.file ?? '');
      const reference = pytorchTimes(root, folder, weights, onGrid, own, runs, WARM_UP);
      report(codec.meta.id, own, times, reference);
      slow ||= times.encodeMs + times.decodeMs >= 2000;
      model.release();
    }
    console.log(`\nwithout a network, rate ${OPTIONS.rate} bpp where the codec takes one:`);
    for (const codec of codecs.filter(({ meta }) => meta.family !== 'hific')) {
      reportAlone(codec.meta.id, await codecTimes(codec, cube, runs));
    }
    const [first] = await store.entries();
    const { file } = await store.load(first.id);
    const speed = rangeCoderSpeed(file.entropy, runs);
    console.log(
      `\nrange coder: ${speed.encode.toFixed(0)} million symbols/s encoding, ` +
        `${speed.decode.toFixed(0)} decoding; ${speed.overhead.toFixed(4)} % over the table entropy`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return slow ? 1 : 0;
}
