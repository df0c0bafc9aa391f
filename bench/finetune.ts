/**
 * Fine-tuning as the studio does it, on one scene with a spatial split: PSNR of real files of the
 * part that is held back before and after, at no more bits; beside the same number of steps in
 * PyTorch from the same weights on the same pixels, whose weights are measured with the same files.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { planBands } from '../src/codecs/bands';
import { storedRange } from '../src/core/bitstream/storedRange';
import { gridNamed } from '../src/core/cube/gridChoice';
import { valueRange } from '../src/core/cube/normalize';
import type { CubeSource, PixelWindow } from '../src/core/cube/types';
import { loadWindow, withBands } from '../src/core/cube/window';
import { sampleScenes } from '../src/core/samples';
import { pathSources } from '../src/formats/bytesNode';
import { numpyWriter } from '../src/formats/numpy/writer';
import { openFiles } from '../src/formats/registry';
import { startBackend, tensorCount } from '../src/nn/backend';
import { nodeBackends } from '../src/nn/backendNode';
import { ModelStore } from '../src/nn/models';
import { fetchFromFolder } from '../src/nn/modelsNode';
import { samplesOnGrid } from '../src/training/scene';
import { TuningSession } from '../src/training/session';
import { soloCodec } from '../src/training/soloCodec';
import { suggestedValidation } from '../src/training/split';
import { TUNED_PARTS, type TunedPart, type ValidationPoint } from '../src/training/types';
import { validate } from '../src/training/validation';
import { interpreter } from './pytorch';

const OPTIONS = {
  cube: { type: 'string' },
  codec: { type: 'string', default: 'hific-opt' },
  part: { type: 'string', default: 'all' },
  steps: { type: 'string', default: '40' },
  batch: { type: 'string', default: '4' },
  side: { type: 'string' },
  rate: { type: 'string', default: '1e-4' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const;

/** What the run gives, with `--json` and nothing else on the output. */
interface Figures {
  readonly cube: string;
  readonly psnrBefore: number;
  readonly psnrAfter: number;
  readonly bppBefore: number;
  readonly bppAfter: number;
  readonly steps: number;
  readonly stepsPerSecond: number;
  /** Growth of tensors and of the process' memory since a tenth of the steps. */
  readonly tensorsGrown: number;
  readonly megabytesGrown: number;
  /** The same of PyTorch; none where there is no PyTorch. */
  readonly pytorch?: Pick<Figures, 'psnrAfter' | 'bppAfter' | 'stepsPerSecond'>;
}

function memoryNow(): { readonly tensors: number; readonly bytes: number } {
  return { tensors: tensorCount(), bytes: process.memoryUsage.rss() };
}

async function openCube(path: string | undefined): Promise<CubeSource> {
  if (path) return (await openFiles(await pathSources(path), {})).cube;
  return sampleScenes[0].open();
}

/** What is left of a scene beside a part that is held back across its end. */
function trainedOn({ info }: CubeSource, heldBack: PixelWindow): PixelWindow {
  return heldBack.x > 0
    ? { x: 0, y: 0, width: heldBack.x, height: info.height }
    : { x: 0, y: 0, width: info.width, height: heldBack.y };
}

const meanOf = (points: readonly ValidationPoint[], figure: 'psnr' | 'bpp') =>
  points.reduce((sum, point) => sum + point[figure], 0) / points.length;

export async function main(root: string, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (!TUNED_PARTS.includes(values.part as TunedPart)) {
    throw new Error(`--part must be one of ${TUNED_PARTS.join(', ')}.`);
  }
  await startBackend(nodeBackends(), { only: 'wasm' });
  const figures = await measured(root, values);
  if (values.json) console.log(JSON.stringify(figures));
  else print(figures);
  return 0;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

async function measured(root: string, values: Values): Promise<Figures> {
  const models = new ModelStore(fetchFromFolder(join(root, 'models')));
  const source = await openCube(values.cube);
  const heldBack = suggestedValidation(source.info);
  const settings = {
    part: values.part as TunedPart,
    objective: 'fidelity',
    steps: Number(values.steps),
    batch: Number(values.batch),
    side: values.side ? Number(values.side) : undefined,
    learningRate: Number(values.rate),
    seed: Number(values.seed),
    validateEvery: Number(values.steps),
  } as const;
  const { codec } = values;
  const start = { name: 'bench', codec, settings, scenes: [{ source, heldBack }] };
  const session = await TuningSession.prepare({ ...start, bandPolicy: 'covered' }, models);
  const before = await session.validate();
  let milliseconds = 0;
  let early = memoryNow();
  while (session.step < settings.steps) {
    milliseconds += (await session.next()).milliseconds;
    if (session.step === Math.ceil(settings.steps / 10)) early = memoryNow();
  }
  const late = memoryNow();
  const after = await session.validate();
  const figures = {
    cube: source.info.name,
    psnrBefore: meanOf(before.points, 'psnr'),
    psnrAfter: meanOf(after.points, 'psnr'),
    bppBefore: meanOf(before.points, 'bpp'),
    bppAfter: meanOf(after.points, 'bpp'),
    steps: settings.steps,
    stepsPerSecond: (1000 * settings.steps) / milliseconds,
    tensorsGrown: late.tensors - early.tensors,
    megabytesGrown: (late.bytes - early.bytes) / 2 ** 20,
  };
  const { side, grid } = session.facts;
  session.dispose();
  const weights = await models.weightsFor(codec, grid);
  const same = { source, heldBack, grid, weights, untuned: before.points };
  const pytorch = await inPytorch(root, { ...values, side: `${side}` }, same);
  return { ...figures, pytorch };
}

/** What PyTorch starts from as well. */
interface Same {
  readonly source: CubeSource;
  readonly heldBack: PixelWindow;
  readonly grid: string;
  readonly weights: Uint8Array;
  readonly untuned: readonly ValidationPoint[];
}

async function inPytorch(
  root: string,
  { part, steps, batch, side, rate, seed }: Values,
  { source, heldBack, grid, weights, untuned }: Same,
): Promise<Figures['pytorch']> {
  const python = interpreter(root);
  if (!python) return undefined;
  const plan = planBands(gridNamed(grid), source.info, 'covered');
  const cube = await loadWindow(source, trainedOn(source, heldBack));
  const coded = withBands(cube, plan.codedBands);
  const data = samplesOnGrid(cube, plan, storedRange(valueRange(coded)));
  const region = { ...coded, data, bands: plan.toGrid.to, wavelengthsNm: undefined };
  const folder = mkdtempSync(join(tmpdir(), 'hsc-finetune-'));
  try {
    const [file] = await numpyWriter.write(region, 'region');
    writeFileSync(join(folder, file.name), file.bytes);
    const tuned = join(folder, 'tuned.safetensors');
    const parent = join(folder, 'parent.safetensors');
    writeFileSync(parent, weights);
    const own = [parent, join(folder, file.name), tuned];
    const options = { part, steps, batch, lr: rate, seed, crop: side };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const run = spawnSync(python, ['-m', 'hsc_training.finetune', ...own, ...flags], {
      cwd: join(root, 'training'),
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`finetune.py failed:\n${run.stderr}`);
    const { secondsPerStep } = JSON.parse(run.stdout) as { secondsPerStep: number };
    const solo = await soloCodec(new Uint8Array(readFileSync(tuned)));
    const heldBackCube = withBands(await loadWindow(source, heldBack), plan.codedBands);
    const targets = untuned.map(({ target }) => target);
    const points = await validate(solo.codec, [heldBackCube], targets, untuned);
    return {
      psnrAfter: meanOf(points, 'psnr'),
      bppAfter: meanOf(points, 'bpp'),
      stepsPerSecond: 1 / secondsPerStep,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print({ cube, steps, pytorch, ...own }: Figures): void {
  const row = (name: string, cells: readonly (number | undefined)[], digits: number) => {
    const texts = cells.map((cell) => (cell === undefined ? 'not measured' : cell.toFixed(digits)));
    console.log(`${name.padEnd(18)}${texts.map((text) => text.padStart(14)).join('')}`);
  };
  console.log(
    `${cube}: ${steps} steps, files of the part that is held back, means over three rates`,
  );
  console.log(
    `${''.padEnd(18)}${'before'.padStart(14)}${'wasm'.padStart(14)}${'PyTorch'.padStart(14)}`,
  );
  row('PSNR, dB', [own.psnrBefore, own.psnrAfter, pytorch?.psnrAfter], 3);
  row('bpp', [own.bppBefore, own.bppAfter, pytorch?.bppAfter], 4);
  row('steps a second', [undefined, own.stepsPerSecond, pytorch?.stepsPerSecond], 2);
  console.log(
    `grown while training: ${own.tensorsGrown} tensors, ${own.megabytesGrown.toFixed(0)} MB`,
  );
}
