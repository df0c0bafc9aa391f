import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Codec, EncodeOptions, EncodeResult, JobContext } from '../../codecs/types';
import type { CubeSource } from '../../core/cube/types';
import { rate } from '../../core/metrics/rate';
import { stemOf } from '../../formats/bytes';
import {
  backendOption,
  ENCODE_OPTIONS,
  encodeOptions,
  OPEN_OPTIONS,
  parse,
  STUDIO_OPTIONS,
  weightsOption,
} from '../arguments';
import { resolveInputs } from '../inputs';
import { diskPart } from '../partStore';
import { readWhole, startStudio, withSource } from '../studio';
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
  --perceptual-fit   a codec trained for looks chooses symbols by what a perceptual network sees of the decoded
              image too, in many times the time
  --metadata none|spectral|all   what the file carries beside the samples (default all)
              An image of more than a million pixels is read as it is coded and kept in OUT.part, from
              which the same command goes on after a crash.
  --variable NAME, --axes ORDER  which array of a MATLAB, HDF5 or NumPy file, and its axes`;

const DEFAULT_CODEC = 'hific-se';

/** Images of more pixels are kept in a part file while they are coded. */
const LARGE_PIXELS = 2 ** 20;

/**
 * Codes an image into a file. A large one is kept in a part file beside it as it is coded, from which a
 * later run goes on.
 */
async function encodeTo(
  target: string,
  codec: Codec,
  source: CubeSource,
  options: EncodeOptions,
  job: JobContext,
): Promise<EncodeResult> {
  if (!codec.encodeSource) {
    const result = await codec.encode(await readWhole(source), options, job);
    await writeFile(target, result.file);
    return result;
  }
  const { width, height } = source.info;
  const part = width * height > LARGE_PIXELS ? diskPart(`${target}.part`) : undefined;
  try {
    const result = await codec.encodeSource(source, options, job, part);
    await writeFile(target, result.file);
    await part?.remove();
    return result;
  } finally {
    await part?.close();
  }
}

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
    ...ENCODE_OPTIONS,
    delta: { type: 'boolean', default: false },
    'perceptual-fit': { type: 'boolean', default: false },
  });
  if (positionals.length === 0) throw new UsageError('Name an image to encode.');
  if (!values.output) throw new UsageError('Name the output by -o.');
  const options = {
    ...encodeOptions(values),
    weights: weightsOption(values.delta),
    perceptualFit: values['perceptual-fit'],
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
      const target = outputFor(input);
      await mkdir(dirname(target), { recursive: true });
      const job = progress.job(name, signal);
      const opening = { candidate: values.variable, axes: values.axes };
      const { result, info } = await withSource(input, opening, async (source) => ({
        result: await encodeTo(target, codec, source, options, job),
        info: source.info,
      }));
      const shape = { ...info, bands: result.codedBands.length };
      const { bytes, bpp, ratio } = rate(result.file.length, shape, info.sampleType);
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
