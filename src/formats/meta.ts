import * as v from 'valibot';
import { formatBandRanges, parseBandRanges } from '../core/cube/bandRanges';
import { applyOverrides, type CubeOverrides, overridesFault } from '../core/cube/overrides';
import type { CubeSource } from '../core/cube/types';
import { HscError, messageOf } from '../core/errors';
import { decodeText, stemOf } from './bytes';
import type { ByteSource } from './types';

/**
 * `scene.hsc-meta.json`: a user's corrections of the metadata of `scene`, picked up when the two
 * are opened together. What a key does not name stays as the file has it; null takes it away.
 */
const SUFFIX = '.hsc-meta.json';
const VERSION = 1;
const MAX_BYTES = 8 * 2 ** 20;

const edit = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema));
const Schema = v.object({
  hsc_meta: v.literal(VERSION),
  wavelengths_nm: edit(v.array(v.number())),
  wavelength_source: v.optional(v.string()),
  units: edit(v.string()),
  no_data_value: edit(v.union([v.number(), v.literal('NaN')])),
  /** Ranges such as `1-4, 107-112`. */
  bad_bands: v.optional(v.string()),
  leave_out_bad_bands: v.optional(v.boolean()),
  default_bands: edit(v.tuple([v.number(), v.number(), v.number()])),
});

type MetaJson = v.InferOutput<typeof Schema>;

export function isMetaName(name: string): boolean {
  return name.toLowerCase().endsWith(SUFFIX);
}

/** The name of the cube, or of its file, that a sidecar belongs to. */
export function metaStem(name: string): string {
  return name.slice(0, -SUFFIX.length);
}

/** The error for a sidecar that was dropped without its cube. */
export function metaAlone({ name }: ByteSource): HscError {
  return new HscError(
    'missing-companion',
    `${name} holds corrected metadata: open it together with the image that they describe.`,
  );
}

/** The name of the sidecar of a cube. */
export function metaName(cube: string): string {
  return `${cube}${SUFFIX}`;
}

/** The corrections as a sidecar, which {@link parseMeta} reads. Bands are counted from 1. */
export function metaText(overrides: CubeOverrides): string {
  const { wavelengths, units, noDataValue, badBands, leaveOutBad, defaultBands } = overrides;
  const json: MetaJson & { readonly bands_counted_from: 1 } = {
    hsc_meta: VERSION,
    bands_counted_from: 1,
    wavelengths_nm: wavelengths && [...wavelengths.nm],
    wavelength_source: wavelengths?.source,
    units,
    no_data_value: Number.isNaN(noDataValue) ? 'NaN' : noDataValue,
    bad_bands: badBands && formatBandRanges(badBands),
    leave_out_bad_bands: leaveOutBad,
    default_bands: defaultBands && [defaultBands[0] + 1, defaultBands[1] + 1, defaultBands[2] + 1],
  };
  // A key that is null takes something away, so wavelengths taken away must stay null.
  if (wavelengths === null) json.wavelengths_nm = null;
  return `${JSON.stringify(json, undefined, 1)}\n`;
}

/** Throws `bad-file` where the text is no sidecar of corrections. */
export function parseMeta(text: string, name: string): CubeOverrides {
  const wrong = (why: string, cause?: unknown) =>
    new HscError('bad-file', `${name} holds no edited metadata: ${why}.`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw wrong('it is no JSON', cause);
  }
  const result = v.safeParse(Schema, json);
  if (!result.success) throw wrong(`${v.getDotPath(result.issues[0]) ?? 'it'} is not as expected`);
  const { wavelengths_nm: nm, wavelength_source, units, bad_bands, ...rest } = result.output;
  const badBands = bad_bands === undefined ? undefined : parseBandRanges(bad_bands);
  if (bad_bands !== undefined && !badBands) throw wrong('bad_bands is no list of bands');
  const { no_data_value: noData, default_bands: shown, leave_out_bad_bands } = rest;
  return defined({
    wavelengths: nm && { nm, source: wavelength_source ?? name },
    ...(nm === null && { wavelengths: null }),
    units,
    noDataValue: noData === 'NaN' ? Number.NaN : noData,
    badBands,
    leaveOutBad: leave_out_bad_bands,
    defaultBands: shown && ([shown[0] - 1, shown[1] - 1, shown[2] - 1] as const),
  });
}

function defined(overrides: CubeOverrides): CubeOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/**
 * A cube under the corrections given, else under those of the sidecar dropped with it. A sidecar
 * that cannot be read or does not fit is left out, which a note says; corrections given throw
 * `bad-argument` where they do not fit.
 */
export async function withMeta(
  cube: CubeSource,
  file: ByteSource,
  files: readonly ByteSource[],
  given: CubeOverrides | undefined,
): Promise<{ readonly cube: CubeSource; readonly overrides?: CubeOverrides }> {
  if (given) return { cube: applyOverrides(cube, given), overrides: given };
  const sidecar = sidecarOf(cube, file, files);
  if (!sidecar) return { cube };
  try {
    if (sidecar.size > MAX_BYTES) throw new HscError('limit', `${sidecar.name} is too large.`);
    const text = decodeText(await sidecar.read(0, sidecar.size));
    const overrides = parseMeta(text, sidecar.name);
    const fault = overridesFault(overrides, cube.info.bands);
    if (fault) throw new HscError('bad-file', `${sidecar.name} does not fit. ${fault}`);
    return { cube: applyOverrides(cube, overrides), overrides };
  } catch (error) {
    const notes = [...(cube.info.notes ?? []), `${messageOf(error)} It was left out.`];
    return { cube: { ...cube, info: { ...cube.info, notes } } };
  }
}

/** The sidecar named like the cube or its file, else the only one where there is one cube. */
function sidecarOf(
  { info }: CubeSource,
  file: ByteSource,
  files: readonly ByteSource[],
): ByteSource | undefined {
  const metas = files.filter(({ name }) => isMetaName(name));
  const stems = [info.name, file.name, stemOf(file.name)].map((name) => name.toLowerCase());
  const named = metas.find(({ name }) => stems.includes(metaStem(name).toLowerCase()));
  return named ?? (metas.length === 1 && files.length <= 3 ? metas[0] : undefined);
}
