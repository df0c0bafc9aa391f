import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inspectFile } from '../../codecs/inspect';
import { HscError } from '../../core/errors';
import { stemOf } from '../../formats/bytes';
import { writers } from '../../formats/registry';
import { backendOption, parse, STUDIO_OPTIONS } from '../arguments';
import { startStudio } from '../studio';
import { EXIT, ProgressLine, UsageError } from '../terminal';

export const DECODE_USAGE = `hsc decode IN.hsc -o OUT
  -o OUT         reconstruction: .hdr, .img or .dat (ENVI), .tif (GeoTIFF), .npy (NumPy)
  --format ID    envi, geotiff or numpy where the name does not say`;

const FORMATS: Readonly<Record<string, string>> = {
  hdr: 'envi',
  img: 'envi',
  dat: 'envi',
  tif: 'geotiff',
  tiff: 'geotiff',
  npy: 'numpy',
};

function formatOf(output: string, named: string | undefined): string {
  const format = named ?? FORMATS[output.slice(output.lastIndexOf('.') + 1).toLowerCase()];
  if (format) return format;
  throw new UsageError(`Which format is ${output}? Use .hdr, .tif or .npy, or --format.`);
}

export async function decode(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    output: { type: 'string', short: 'o' },
    format: { type: 'string' },
  });
  const [input] = positionals;
  if (positionals.length !== 1) throw new UsageError('Name one .hsc file to decode.');
  if (!values.output) throw new UsageError('Name the output by -o.');
  const format = formatOf(values.output, values.format);
  const writer = writers.find(({ id }) => id === format);
  if (!writer) throw new UsageError(`There is no writer for the format ${format}.`);

  const file = await readFile(input).catch((cause) => {
    throw new HscError('io', `${input} cannot be read.`, { cause });
  });
  const studio = await startStudio({ ...values, backend: backendOption(values.backend) });
  const progress = new ProgressLine();
  const { codec } = await inspectFile(file, studio.store);
  const { cube, milliseconds } = await studio.codec(codec).decode(
    file,
    {},
    {
      signal,
      onProgress: (done, label) => progress.update(basename(input), done, label),
    },
  );
  const folder = dirname(values.output);
  await mkdir(folder, { recursive: true });
  for (const written of await writer.write(cube, stemOf(basename(values.output)))) {
    await writeFile(join(folder, written.name), written.bytes);
    progress.print(
      `${input} → ${join(folder, written.name)}: ${cube.width}×${cube.height} px, ` +
        `${cube.bands} bands, ${(milliseconds / 1000).toFixed(2)} s`,
    );
  }
  return EXIT.ok;
}
