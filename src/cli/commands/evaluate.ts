import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stemOf } from '../../formats/bytes';
import {
  backendOption,
  list,
  metadataOption,
  OPEN_OPTIONS,
  parse,
  rateOption,
  STUDIO_OPTIONS,
} from '../arguments';
import { resolveInputs } from '../inputs';
import { type Measurement, measure } from '../measure';
import { loadCube, startStudio } from '../studio';
import { EXIT, explain, ProgressLine, table, UsageError } from '../terminal';

export const EVALUATE_USAGE = `hsc evaluate CUBES… --codec IDS --rates LIST
  rate and distortion; every figure comes from a written and re-read file
  --codec hific-opt,hific-se,hific-3d   (default all)
  --rates 0.2,0.4,0.6,0.8,1.0           target rates in bits per pixel (default the codec's)
  --json          JSON Lines, one object a cube, codec and rate
  --keep FOLDER   keep the files, named cube.codec.rate.hsc
  --metadata none|spectral|all   counted in the bytes (default none)`;

const COLUMNS = ['cube', 'codec', 'rate', 'bpp', 'bpppc', 'bytes', 'PSNR dB', 'SAM °'];

function row(m: Measurement): string[] {
  return [
    m.cube,
    m.codec,
    m.rate.toFixed(2),
    m.bpp.toFixed(4),
    m.bpppc.toFixed(5),
    String(m.bytes),
    m.psnr.toFixed(2),
    m.sam.toFixed(2),
  ];
}

/** Runs with a folder that is removed afterwards, or with one that is kept. */
async function withFolder<T>(
  kept: string | undefined,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  if (kept !== undefined) {
    await mkdir(kept, { recursive: true });
    return run(kept);
  }
  const folder = await mkdtemp(join(tmpdir(), 'hsc-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function evaluate(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    ...OPEN_OPTIONS,
    codec: { type: 'string' },
    rates: { type: 'string' },
    metadata: { type: 'string', default: 'none' },
    json: { type: 'boolean', default: false },
    keep: { type: 'string' },
  });
  if (positionals.length === 0) throw new UsageError('Name the cubes to evaluate.');
  const rates = values.rates === undefined ? undefined : list(values.rates).map(rateOption);
  const metadata = metadataOption(values.metadata);
  const inputs = await resolveInputs(positionals);
  const studio = await startStudio({ ...values, backend: backendOption(values.backend) });
  const codecs = values.codec ? list(values.codec).map((id) => studio.codec(id)) : studio.codecs;
  const progress = new ProgressLine();
  const measured: Measurement[] = [];

  const evaluateCube = async (input: string, folder: string) => {
    const name = stemOf(basename(input)).replace(':', '-');
    const cube = await loadCube(input, { candidate: values.variable, axes: values.axes });
    for (const codec of codecs) {
      for (const target of rates ?? codec.meta.targetRates) {
        const job = `${name} ${codec.meta.id} ${target}`;
        const onProgress = (done: number, label: string) => progress.update(job, done, label);
        const options = { rate: target, bandPolicy: 'covered', metadata } as const;
        const one = await measure(name, cube, codec, options, folder, { signal, onProgress });
        measured.push(one);
        if (values.json) console.log(JSON.stringify(one));
      }
    }
  };

  const failed = await withFolder(values.keep, async (folder) => {
    let failures = 0;
    for (const input of inputs) {
      try {
        await evaluateCube(input, folder);
      } catch (error) {
        if (signal.aborted) throw error;
        failures++;
        progress.print(`${basename(input)}: ${explain(error)}`);
      }
    }
    return failures;
  });
  if (!values.json && measured.length > 0) console.log(table(COLUMNS, measured.map(row)));
  return failed ? EXIT.failed : EXIT.ok;
}
