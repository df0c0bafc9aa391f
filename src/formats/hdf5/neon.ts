import type { GeoReference } from '../../core/cube/types';
import { geoOf } from '../envi/geo';
import { type Contents, parentOf } from './contents';
import type { KnownCube, Offer } from './offers';

const NEON_CUBE = /\/(Reflectance|Radiance)\/\1_Data$/;

/** NEON AOP: rows × columns × bands, `Map_Info` as in ENVI, wavelengths in nm. */
export async function neonCube(
  contents: Contents,
  { dataset: { path } }: Offer,
): Promise<KnownCube | undefined> {
  const quantity = NEON_CUBE.exec(path)?.[1].toLowerCase();
  if (!quantity) return undefined;
  const metadata = `${parentOf(path)}/Metadata`;
  const scale = await contents.number(path, 'Scale_Factor');
  const spectral = contents.dataset(`${metadata}/Spectral_Data/Wavelength`);
  const values = spectral && (await contents.file.list(spectral));
  const wavelengthsNm = values?.map(Number);
  return {
    axes: 'yxb',
    info: {
      sensor: 'NEON AOP',
      wavelengthsNm,
      badBands: wavelengthsNm && (await badBands(contents, path, wavelengthsNm)),
      units: scale === undefined ? quantity : `${quantity} × ${scale}`,
      geo: await georeference(contents, `${metadata}/Coordinate_System`),
      notes:
        scale === undefined
          ? []
          : [
              `The file scales its samples: ${quantity} = sample / ${scale}; they are kept as stored.`,
            ],
    },
  };
}

/** The bands of water vapour, which the file gives as ranges in nm. */
async function badBands(
  contents: Contents,
  path: string,
  wavelengthsNm: readonly number[],
): Promise<number[] | undefined> {
  const windows = [
    await contents.numbers(path, 'Band_Window_1_Nanometers'),
    await contents.numbers(path, 'Band_Window_2_Nanometers'),
  ];
  const inside = (nm: number) =>
    windows.some((range) => range?.length === 2 && nm >= range[0] && nm <= range[1]);
  const bad = wavelengthsNm.flatMap((nm, band) => (inside(nm) ? [band] : []));
  return bad.length > 0 ? bad : undefined;
}

async function georeference(contents: Contents, group: string): Promise<GeoReference | undefined> {
  const text = async (name: string) => {
    const dataset = contents.dataset(`${group}/${name}`);
    const value = dataset && (await contents.file.list(dataset))?.[0];
    return value === undefined ? '' : String(value).trim();
  };
  const mapInfo = (await text('Map_Info')).split(',').map((field) => field.trim());
  const geo = geoOf(mapInfo.length > 1 ? mapInfo : [], await text('Coordinate_System_String'));
  const epsg = Number(await text('EPSG Code'));
  return epsg > 0 ? { ...geo, epsg } : geo;
}
