import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EncodeOptions } from '../../codecs/types';
import { rate } from '../../core/metrics/rate';
import { stemOf } from '../../formats/bytes';
import {
  backendOption,
  metadataOption,
  OPEN_OPTIONS,
  parse,
  rateOption,
  STUDIO_OPTIONS,
  weightsOption,
} from '../arguments';
import { resolveInputs } from '../inputs';
import { loadCube, startStudio } from '../studio';
import { servesRate } from '../sweep';
import { EXIT, explain, ProgressLine, UsageError } from '../terminal';

export const ENCODE_USAGE = `hsc encode IN… -o OUT
  IN          image files, folders or patterns; sidecars and headers are found beside them
  -o OUT      a .hsc file, or a folder (made if missing) where there are several images
  --codec ID  \`hsc codecs\` lists them (default hific-se, or that of the --weights that are named)
  --rate BPP  target rate in bits per pixel, all bands together (default 0.6)
  --grid NAME  the spectral range of a learned codec, vnir-128 or vswir-200 (default the one that
              fits the image's bands)
  --bands covered   encode the bands inside a model's range where some lie outside
  --delta     the file carries what tuned --weights change of shipped ones, so that it decodes
              without them
  --metadata none|spectral|all   what the file carries beside the samples (default all)
  --variable NAME, --axes ORDER  which array of a MATLAB, HDF5 or NumPy file, and its axes`;

const DEFAULT_CODEC = 'hific-se';

async function outputOf(out: string, count: number): Promise<(input: string) => string> {
  const isFolder = (await stat(out).catch(() => undefined))?.isDirectory() ?? false;
  if (count === 1 && !isFolder && !out.endsWith('/')) return () => out;
  if (out.endsWith('.hsc') && count > 1) {
    throw new UsageError(`${count} images do not fit into one file; name a folder by -o.`);
  }
  await mkdir(out, { recursive: true });
  return (input) => join(out, `${stemOf(basename(input))}.hsc`);
}

export async function encode(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    ...OPEN_OPTIONS,
    output: { type: 'string', short: 'o' },
    codec: { type: 'string' },
    rate: { type: 'string', default: '0.6' },
    grid: { type: 'string' },
    bands: { type: 'string', default: 'refuse' },
    metadata: { type: 'string', default: 'all' },
    delta: { type: 'boolean', default: false },
  });
  if (positionals.length === 0) throw new UsageError('Name an image to encode.');
  if (!values.output) throw new UsageError('Name the output by -o.');
  if (values.bands !== 'refuse' && values.bands !== 'covered') {
    throw new UsageError('--bands must be refuse or covered.');
  }
  const options: EncodeOptions = {
    rate: rateOption(values.rate),
    bandPolicy: values.bands,
    grid: values.grid,
    metadata: metadataOption(values.metadata),
    weights: weightsOption(values.delta),
  };
  const inputs = await resolveInputs(positionals);
  const outputFor = await outputOf(values.output, inputs.length);
  const studio = await startStudio({ ...values, backend: backendOption(values.backend) });
  const codec = values.codec
    ? studio.codec(values.codec)
    : (studio.named[0] ?? studio.codec(DEFAULT_CODEC));
  const progress = new ProgressLine();
  if (!servesRate(codec.meta, options.rate)) {
    const [low, high] = codec.meta.rateRange ?? [];
    progress.print(`${codec.meta.id} serves ${low} to ${high} bpp and takes the nearest rate.`);
  }
  let failed = 0;
  for (const input of inputs) {
    const name = basename(input);
    try {
      const cube = await loadCube(input, { candidate: values.variable, axes: values.axes });
      const result = await codec.encode(cube, options, {
        signal,
        onProgress: (done, label) => progress.update(name, done, label),
      });
      const target = outputFor(input);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, result.file);
      const shape = { ...cube, bands: result.codedBands.length };
      const { bytes, bpp, ratio } = rate(result.file.length, shape, cube.sampleType);
      progress.print(
        `${name} → ${target}: ${bytes} bytes, ${bpp.toFixed(3)} bpp, ${ratio.toFixed(0)}:1, ` +
          `${(result.milliseconds / 1000).toFixed(2)} s`,
      );
      for (const note of result.notes ?? []) progress.print(`  ${note}`);
    } catch (error) {
      if (signal.aborted || inputs.length === 1) throw error;
      failed++;
      progress.print(`${name}: ${explain(error)}`);
    }
  }
  return failed ? EXIT.failed : EXIT.ok;
}
