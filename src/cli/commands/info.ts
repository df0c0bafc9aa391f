import { readFile } from 'node:fs/promises';
import { inspectFile } from '../../codecs/inspect';
import { parseFile } from '../../core/bitstream/container';
import { isHscError } from '../../core/errors';
import { rate } from '../../core/metrics/rate';
import { parse, STUDIO_OPTIONS } from '../arguments';
import { type ModelOptions, modelStore } from '../studio';
import { EXIT, table, UsageError } from '../terminal';

export const INFO_USAGE = `hsc info FILE.hsc…
  what a file says of itself, and its bytes by section; nothing is reconstructed
  --json      JSON Lines`;

interface Info {
  readonly file: string;
  readonly codec: string;
  readonly model?: string;
  /** Place between the coarsest (0) and the finest (`of`) quantiser of the model. */
  readonly quality?: { readonly position: number; readonly of: number };
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly sourceBands: number;
  readonly storedType: string;
  readonly range: readonly [number, number];
  readonly wavelengthsNm?: readonly [number, number];
  readonly tiles: number;
  readonly bytes: number;
  readonly bpp: number;
  readonly bpppc: number;
  readonly ratio: number;
  /** Side information and latents apart where the weights are installed, together elsewhere. */
  readonly sections: Readonly<Record<string, number>>;
}

async function infoOf(path: string, options: ModelOptions): Promise<Info> {
  const file = await readFile(path);
  const { header, metadata, sections } = parseFile(file);
  const { tiles, ...sizes } = sections;
  const payload = tiles.reduce((sum, bytes) => sum + bytes, 0);
  const facts = await inspectFile(file, await modelStore(options)).catch((error) => {
    if (isHscError(error) && error.code === 'model-missing') return undefined;
    throw error;
  });
  const cost = rate(file.length, header, header.sampleType);
  const nm = metadata?.wavelengthsNm;
  return {
    file: path,
    codec: facts?.codec ?? header.family,
    model: header.family === 'hific' ? header.model.digest : undefined,
    quality: facts?.quality,
    width: header.width,
    height: header.height,
    bands: header.bands,
    sourceBands: metadata?.selection?.sourceBands ?? header.bands,
    storedType: header.sampleType,
    range: [header.range.low, header.range.high],
    wavelengthsNm: nm && [Math.min(...nm), Math.max(...nm)],
    tiles: tiles.length,
    ...cost,
    sections: facts ? { ...facts.sections } : { ...sizes, payload },
  };
}

const SECTION_LABELS: Readonly<Record<string, string>> = {
  header: 'header and checks',
  metadata: 'metadata',
  weights: 'changed weights',
  sideInformation: 'side information',
  latents: 'latents or code streams',
  payload: 'payload',
};

function describe(info: Info): string {
  const { width, height, bands, sourceBands, storedType, wavelengthsNm: nm } = info;
  const share = (bytes: number) => `${((100 * bytes) / info.bytes).toFixed(1)} %`;
  const quality = info.quality ? `, quality ${info.quality.position} of ${info.quality.of}` : '';
  return [
    info.file,
    `  ${info.codec}${info.model ? `, weights ${info.model}` : ''}${quality}`,
    `  ${width}×${height} px, ${bands} of ${sourceBands} bands, ${storedType}` +
      (nm ? `, ${nm[0]}–${nm[1]} nm` : ''),
    `  0 and 1 stand for ${info.range[0]} and ${info.range[1]}; ${info.tiles} tile(s)`,
    `  ${info.bytes} bytes, ${info.bpp.toFixed(4)} bpp, ${info.bpppc.toFixed(5)} bpppc, ` +
      `${info.ratio.toFixed(1)}:1`,
    table(
      ['section', 'bytes', 'share'],
      Object.entries(info.sections).map(([name, bytes]) => [
        SECTION_LABELS[name] ?? name,
        Number.isInteger(bytes) ? String(bytes) : bytes.toFixed(1),
        share(bytes),
      ]),
    ).replace(/^/gm, '  '),
  ].join('\n');
}

export async function info(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    json: { type: 'boolean', default: false },
  });
  if (positionals.length === 0) throw new UsageError('Name a .hsc file.');
  for (const path of positionals) {
    const found = await infoOf(path, values);
    console.log(values.json ? JSON.stringify(found) : describe(found));
  }
  return EXIT.ok;
}
