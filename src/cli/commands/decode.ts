import { mkdir, open, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codecOf } from '../../codecs/inspect';
import type { Codec, DecodedRows, DecodeOptions, JobContext } from '../../codecs/types';
import type { PixelWindow, SampleArray } from '../../core/cube/types';
import { emptyLike, loadWindow, memorySource, wholeWindow } from '../../core/cube/window';
import { stemOf } from '../../formats/bytes';
import { writers } from '../../formats/registry';
import { encodeSamples } from '../../formats/samples';
import type { FormatWriter } from '../../formats/types';
import { backendOption, parse, STUDIO_OPTIONS } from '../arguments';
import { readInput } from '../inputs';
import { startStudio } from '../studio';
import { EXIT, ProgressLine, UsageError } from '../terminal';

export const DECODE_USAGE = `hsc decode IN.hsc -o OUT
  -o OUT         reconstruction: .hdr, .img or .dat (ENVI), .tif (GeoTIFF), .npy (NumPy)
  --format ID    envi, geotiff or numpy where the name does not say
  --window X,Y,WIDTH,HEIGHT   that part alone; of a learned codec's file only its tiles are read
  --damaged mark   restores a file of which tiles are damaged, and leaves these without data (NaN)`;

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

/** `10,20,64,48` is a window of 64 × 48 pixels from column 10, row 20 on. Throws `UsageError`. */
function windowOption(value: string | undefined): PixelWindow | undefined {
  if (value === undefined) return undefined;
  const numbers = value.split(',').map(Number);
  const [x, y, width, height] = numbers;
  if (numbers.length === 4 && numbers.every((n) => Number.isInteger(n) && n >= 0)) {
    return { x, y, width, height };
  }
  throw new UsageError('--window takes X,Y,WIDTH,HEIGHT in pixels, as in --window 0,0,96,96.');
}

/** Rows of what is decoded, also of codecs that decode only whole images. */
async function rowsOf(
  codec: Codec,
  file: Uint8Array,
  options: DecodeOptions & { readonly window?: PixelWindow },
  job: JobContext,
): Promise<DecodedRows> {
  if (codec.decodeRows) return codec.decodeRows(file, options, job);
  const { cube } = await codec.decode(file, options, job);
  const window = options.window ?? wholeWindow(cube);
  const { data, ...info } = await loadWindow(memorySource(cube), window);
  async function* rows() {
    yield data;
  }
  return { info, codec: codec.meta.id, lost: [], rows: rows() };
}

/** Writes rows as they are decoded, or all at the end in formats that take no rows. */
async function writeRows(
  writer: FormatWriter,
  { info, rows }: DecodedRows,
  folder: string,
  name: string,
): Promise<string[]> {
  const streamed = writer.streamed?.(info, name);
  if (!streamed) {
    const parts: SampleArray[] = [];
    for await (const part of rows) parts.push(part);
    const files = await writer.write({ ...info, data: joined(parts) }, name);
    for (const file of files) await writeFile(join(folder, file.name), file.bytes);
    return files.map((file) => file.name);
  }
  const handle = await open(join(folder, streamed.name), 'w');
  try {
    await handle.writeFile(streamed.head);
    for await (const part of rows) await handle.writeFile(encodeSamples(part));
  } finally {
    await handle.close();
  }
  for (const file of streamed.others) await writeFile(join(folder, file.name), file.bytes);
  return [streamed.name, ...streamed.others.map((file) => file.name)];
}

function joined(parts: readonly SampleArray[]): SampleArray {
  if (parts.length === 1) return parts[0];
  const whole = emptyLike(
    parts[0],
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part as never, at);
    at += part.length;
  }
  return whole;
}

export async function decode(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    output: { type: 'string', short: 'o' },
    format: { type: 'string' },
    window: { type: 'string' },
    damaged: { type: 'string', default: 'refuse' },
  });
  const [input] = positionals;
  if (positionals.length !== 1) throw new UsageError('Name one .hsc file to decode.');
  if (!values.output) throw new UsageError('Name the output by -o.');
  const { damaged } = values;
  if (damaged !== 'refuse' && damaged !== 'mark') {
    throw new UsageError('--damaged must be refuse or mark.');
  }
  const window = windowOption(values.window);
  const format = formatOf(values.output, values.format);
  const writer = writers.find(({ id }) => id === format);
  if (!writer) throw new UsageError(`There is no writer for the format ${format}.`);

  const file = await readInput(input);
  const studio = await startStudio({ ...values, backend: backendOption(values.backend) });
  const progress = new ProgressLine();
  const job = progress.job(basename(input), signal);
  const codec = studio.codec(await codecOf(file, studio.store));
  const start = performance.now();
  const decoded = await rowsOf(codec, file, { window, damaged }, job);
  const folder = dirname(values.output);
  await mkdir(folder, { recursive: true });
  const names = await writeRows(writer, decoded, folder, stemOf(basename(values.output)));
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const { width, height, bands } = decoded.info;
  for (const name of names) {
    progress.print(
      `${input} → ${join(folder, name)}: ${width}×${height} px, ${bands} bands, ${seconds} s`,
    );
  }
  if (decoded.lost.length > 0) {
    const places = decoded.lost.map(
      (lost) => `(${lost.x}, ${lost.y}) ${lost.width}×${lost.height}`,
    );
    progress.print(`Damaged and left without data (NaN): ${places.join('; ')}.`);
  }
  return EXIT.ok;
}
