import * as v from 'valibot';
import type { CubeInfo } from '../../core/cube/types';
import type { Sidecar } from '../arrays';
import { decodeText, stemOf } from '../bytes';
import type { ByteSource } from '../types';

/**
 * The JSON beside a NumPy cube: wavelengths and whatever else NumPy cannot keep. The names are
 * those of the project's data folder; all are optional.
 */
const absent = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema));
/** JSON tells numbers beyond all bounds, which become infinite. */
const finite = v.pipe(v.number(), v.finite());
const numbers = v.array(finite);
const Schema = v.object({
  name: absent(v.string()),
  sensor: absent(v.string()),
  height: absent(finite),
  width: absent(finite),
  bands: absent(finite),
  wavelengths_nm: absent(numbers),
  wavelength_source: absent(v.string()),
  wavelengths_nm_approx: absent(numbers),
  wavelengths_approx_note: absent(v.string()),
  fwhm_nm: absent(numbers),
  band_names: absent(v.array(v.string())),
  bad_bands: absent(numbers),
  no_data_value: absent(v.union([v.number(), v.literal('NaN')])),
  units: absent(v.string()),
  default_bands: absent(v.tuple([finite, finite, finite])),
  geo: absent(
    v.object({
      map_info: absent(v.array(v.string())),
      wkt: absent(v.string()),
      epsg: absent(finite),
      transform: absent(v.tuple([finite, finite, finite, finite, finite, finite])),
    }),
  ),
  notes: absent(v.union([v.string(), v.array(v.string())])),
});

type SidecarJson = v.InferOutput<typeof Schema>;

const MAX_BYTES = 32 * 2 ** 20;

/**
 * The sidecar of a file among those dropped with it: the JSON of the same stem, or the only
 * other file. One that cannot be read is left out, which a note says.
 */
export async function readSidecar(
  file: ByteSource,
  files: readonly ByteSource[],
): Promise<Sidecar> {
  const jsons = files.filter((other) => other !== file && /\.json$/i.test(other.name));
  const sidecar =
    jsons.find((json) => stemOf(json.name) === stemOf(file.name)) ??
    (files.length === 2 ? jsons[0] : undefined);
  if (!sidecar) return { info: {} };
  const parsed = sidecar.size <= MAX_BYTES ? await parse(sidecar) : undefined;
  return parsed
    ? interpret(parsed)
    : { info: { notes: [`${sidecar.name} is no sidecar of a cube; it was left out.`] } };
}

async function parse(sidecar: ByteSource): Promise<SidecarJson | undefined> {
  const text = decodeText(await sidecar.read(0, sidecar.size));
  try {
    const result = v.safeParse(Schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    // JSON.parse is the only thing here that throws; the caller notes the unreadable sidecar.
    return undefined;
  }
}

function interpret(json: SidecarJson): Sidecar {
  const { geo } = json;
  const approximate = json.wavelengths_nm ? undefined : json.wavelengths_nm_approx;
  const notes = [json.notes ?? []].flat();
  if (json.wavelengths_nm && json.wavelength_source) {
    notes.push(`Wavelengths: ${json.wavelength_source}.`);
  }
  if (approximate) {
    notes.push(`The wavelengths are approximate: ${json.wavelengths_approx_note ?? 'no source'}.`);
  }
  return {
    shape: {
      height: json.height ?? undefined,
      width: json.width ?? undefined,
      bands: json.bands ?? undefined,
    },
    info: {
      ...(json.name ? { name: json.name } : {}),
      sensor: json.sensor ?? undefined,
      wavelengthsNm: json.wavelengths_nm ?? approximate ?? undefined,
      wavelengthsGuessed: approximate ? true : undefined,
      fwhmNm: json.fwhm_nm ?? undefined,
      bandNames: json.band_names ?? undefined,
      badBands: json.bad_bands ?? undefined,
      noDataValue: json.no_data_value === 'NaN' ? Number.NaN : (json.no_data_value ?? undefined),
      units: json.units ?? undefined,
      defaultBands: json.default_bands ?? undefined,
      geo: geo
        ? {
            mapInfo: geo.map_info ?? undefined,
            wkt: geo.wkt ?? undefined,
            epsg: geo.epsg ?? undefined,
            transform: geo.transform ?? undefined,
          }
        : undefined,
      notes,
    },
  };
}

/** The sidecar of a cube, as `readSidecar` reads it. */
export function sidecarText(cube: CubeInfo): string {
  const { geo, noDataValue } = cube;
  const json: SidecarJson = {
    name: cube.name,
    sensor: cube.sensor,
    height: cube.height,
    width: cube.width,
    bands: cube.bands,
    wavelengths_nm: cube.wavelengthsNm && [...cube.wavelengthsNm],
    fwhm_nm: cube.fwhmNm && [...cube.fwhmNm],
    band_names: cube.bandNames && [...cube.bandNames],
    bad_bands: cube.badBands && [...cube.badBands],
    no_data_value: Number.isNaN(noDataValue) ? 'NaN' : noDataValue,
    units: cube.units,
    default_bands: cube.defaultBands && [...cube.defaultBands],
    geo: geo && {
      map_info: geo.mapInfo && [...geo.mapInfo],
      wkt: geo.wkt,
      epsg: geo.epsg,
      transform: geo.transform && [...geo.transform],
    },
    notes: cube.notes && [...cube.notes],
  };
  return `${JSON.stringify(json, undefined, 1)}\n`;
}
