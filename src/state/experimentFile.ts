import { strFromU8, strToU8, zipSync } from 'fflate';
import * as v from 'valibot';
import { COLOUR_MAPS } from '../core/cube/colourMaps';
import { type Area, assertArea } from '../core/cube/polygon';
import { HscError } from '../core/errors';
import { bytesSource } from '../formats/bytes';
import { inflateAll } from '../formats/inflate';
import { deflatedMember, memberData, type ZipMember, zipMembers } from '../formats/numpy/zip';
import type { ByteSource } from '../formats/types';
import type { StudioDocument } from './document';
import { MOST_CORNERS } from './marks';
import { PATCH_SIZES } from './patch';
import type { SavedView } from './views';

/**
 * The first line of the manifest; other versions are refused with a sentence. The second has regions
 * that are polygons: what holds none is written as the first, which older studios read.
 */
const FORMATS = ['hsc-experiment-1', 'hsc-experiment-2'] as const;
const MANIFEST = 'experiment.json';

/** JSON tells numbers beyond all bounds, which become infinite. */
const number = v.pipe(v.number(), v.finite());
const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const place = v.pipe(v.number(), v.integer(), v.minValue(0));
const window = v.object({ x: place, y: place, width: size, height: size });
const pixel = v.object({ x: number, y: number });
const pair = v.tuple([number, number]);
const camera = v.object({
  zoom: v.union([number, v.literal('fit')]),
  center: v.optional(pixel),
});
const settings = v.object({
  codecId: v.optional(v.string()),
  rate: number,
  grid: v.optional(v.string()),
  perceptualFit: v.optional(v.boolean()),
});

/** Larger than any image that is opened; a damaged file must not keep the studio busy. */
const line = v.pipe(place, v.maxValue(2 ** 20));
const corners = v.array(v.object({ x: line, y: line }));
const polygon = v.pipe(corners, v.minLength(3), v.maxLength(MOST_CORNERS));
const area = v.pipe(
  v.object({ window, polygon: v.optional(polygon) }),
  v.check((one) => isArea(one), 'The region is no polygon around a pixel.'),
);

const mark = v.object({ id: v.string(), name: v.string(), colour: place });

const document = v.object({
  cube: v.optional(v.string()),
  panes: v.pipe(v.array(v.object({ id: v.string(), ...settings.entries })), v.minLength(1)),
  activePane: v.string(),
  patch: v.optional(window),
  patchSize: v.picklist([...PATCH_SIZES, 'whole', 'custom']),
  stage: v.string(),
  layout: v.picklist(['grid', 'swipe']),
  shown: v.picklist(['picture', 'shown', 'all', 'sam']),
  errorLimit: number,
  angleLimit: number,
  split: number,
  strip: v.picklist(['spectrum', 'metrics', 'close-ups']),
  closeUps: v.array(v.object({ id: v.string(), ...window.entries })),
  colourMode: v.picklist(['colour', 'grey', 'components']),
  colourMap: v.picklist(COLOUR_MAPS),
  paneStretch: v.record(v.string(), pair),
  rgbBands: v.tuple([place, place, place]),
  greyBand: place,
  percentiles: pair,
  sceneCamera: camera,
  compareCamera: camera,
  pins: v.array(v.object({ ...mark.entries, x: place, y: place })),
  regions: v.array(v.intersect([mark, area])),
  pinned: v.optional(pixel),
});

const distortion = v.object({
  psnr: v.nullable(number),
  samDegrees: v.nullable(number),
  rmse: v.nullable(number),
});

const manifest = v.object({
  format: v.picklist(FORMATS),
  studio: v.string(),
  savedAt: v.string(),
  /** The original: a shipped sample, or the part of it that `member` holds without loss. */
  cube: v.optional(
    v.object({
      name: v.string(),
      sample: v.optional(v.string()),
      member: v.optional(v.string()),
      window,
    }),
  ),
  results: v.array(
    v.object({
      pane: v.string(),
      member: v.string(),
      fileName: v.string(),
      /** Names code and weights that made it. */
      codec: v.string(),
      codecVersion: v.optional(v.string()),
      codedBands: v.array(place),
      wavelengthsNm: v.optional(v.array(number)),
      window: v.optional(window),
      madeBy: v.optional(settings),
      encodeMs: v.optional(number),
      distortion: v.optional(distortion),
    }),
  ),
  document,
  savedViews: v.array(v.object({ id: v.string(), name: v.string(), document })),
});

type Loose = v.InferOutput<typeof manifest>;

/** What an experiment holds beside its files. */
export type Manifest = Omit<Loose, 'format' | 'document' | 'savedViews'> & {
  readonly document: StudioDocument;
  readonly savedViews: readonly SavedView[];
};

export type Members = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

function isArea(area: Area): boolean {
  try {
    assertArea(area);
    return true;
  } catch {
    return false;
  }
}

/** The oldest version that can hold it. */
function formatOf({ document, savedViews }: Manifest): (typeof FORMATS)[number] {
  const documents = [document, ...savedViews.map((view) => view.document)];
  const drawn = documents.some(({ regions }) => regions.some(({ polygon }) => polygon));
  return FORMATS[drawn ? 1 : 0];
}

/** One archive of the manifest and the files that it names; these are compressed already. */
export function packExperiment(content: Manifest, members: Members): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify({ format: formatOf(content), ...content }, undefined, 1);
  const files = Object.fromEntries(
    Object.entries(members).map(([name, bytes]) => [name, [bytes, { level: 0 }] as const]),
  );
  const archive = zipSync({ [MANIFEST]: strToU8(text), ...files } as Parameters<typeof zipSync>[0]);
  return new Uint8Array(archive);
}

/** Throws `bad-file` where the archive is damaged or not an experiment of this version. */
export async function unpackExperiment(
  bytes: Uint8Array,
): Promise<{ content: Manifest; members: Members }> {
  const { [MANIFEST]: text, ...files } = await entriesOf(bytes);
  if (!text) throw new HscError('bad-file', 'The archive holds no experiment of the studio.');
  const parsed = v.safeParse(manifest, parseJson(strFromU8(text)));
  if (!parsed.success) {
    const { path, message } = parsed.issues[0];
    const where = path?.map(({ key }) => String(key)).join('.') ?? 'its format';
    throw new HscError(
      'bad-file',
      `The experiment cannot be read, at ${where}: ${message}. It may come from another version of the studio.`,
    );
  }
  const { results, cube } = parsed.output;
  const missing = [...results.map(({ member }) => member), cube?.member].find(
    (name) => name !== undefined && !files[name],
  );
  if (missing) throw new HscError('bad-file', `The experiment lacks its file ${missing}.`);
  return { content: parsed.output as unknown as Manifest, members: files };
}

/** The members are compressed already, but for the manifest: more than this is no experiment. */
const MOST_EXPANSION = 2;
const MOST_MANIFEST_BYTES = 64 * 2 ** 20;

async function entriesOf(bytes: Uint8Array): Promise<Members> {
  const file = bytesSource(bytes, 'The experiment');
  try {
    const members = await zipMembers(file);
    const total = members.reduce((sum, { size }) => sum + size, 0);
    if (total > MOST_EXPANSION * bytes.length + MOST_MANIFEST_BYTES) {
      throw new HscError('limit', 'The files of the experiment are larger than it can hold.');
    }
    const entries: [string, Uint8Array<ArrayBuffer>][] = [];
    for (const member of members) entries.push([member.name, await contentOf(file, member)]);
    return Object.fromEntries(entries);
  } catch (cause) {
    throw new HscError('bad-file', 'The experiment is damaged: its archive cannot be read.', {
      cause,
    });
  }
}

async function contentOf(file: ByteSource, member: ZipMember): Promise<Uint8Array<ArrayBuffer>> {
  if (member.method !== 0) return inflateAll(await deflatedMember(file, member), member.size);
  return file.read(await memberData(file, member), member.size);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HscError('bad-file', 'The experiment is damaged: its manifest is no JSON.', {
      cause,
    });
  }
}
