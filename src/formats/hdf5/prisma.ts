import type { Contents } from './contents';
import type { KnownCube, Offer } from './offers';

const PRISMA_CUBE = /\/PRS_L(\w+)_H(?:CO|RC)\/Data Fields\/(VNIR|SWIR)_Cube$/;
/** Reflectance of level 2 is spread over 16 bits. */
const L2_STEPS = 65_535;

export function isPrismaVnir(path: string): boolean {
  return PRISMA_CUBE.exec(path)?.[2] === 'VNIR';
}

/**
 * PRISMA (ASI, HDF-EOS5): rows × bands × columns, the bands from long to short wavelengths,
 * some of them unused. Bands come out rising; those without a wavelength are left out.
 */
export async function prismaCube(
  contents: Contents,
  { dataset, dims }: Offer,
): Promise<KnownCube | undefined> {
  const [, level, region] = PRISMA_CUBE.exec(dataset.path) ?? [];
  if (!region) return undefined;
  const key = region === 'VNIR' ? 'Vnir' : 'Swir';
  const centres = (await contents.numbers('/', `List_Cw_${key}`)) ?? [];
  const widths = (await contents.numbers('/', `List_Fwhm_${key}`)) ?? [];
  const scaling = await scalingNote(contents, level, key);
  const info = { sensor: `PRISMA ${region}`, notes: scaling };
  if (centres.length !== dims[1]) return { axes: 'ybx', info };
  const bandOrder = centres
    .map((_, band) => band)
    .filter((band) => centres[band] > 0)
    .sort((a, b) => centres[a] - centres[b]);
  const left = centres.length - bandOrder.length;
  const order = `The bands were put in rising order of wavelength${left ? `; ${left} without a wavelength were left out` : ''}.`;
  return {
    axes: 'ybx',
    bandOrder,
    info: {
      ...info,
      wavelengthsNm: bandOrder.map((band) => centres[band]),
      fwhmNm: widths.length === centres.length ? bandOrder.map((band) => widths[band]) : undefined,
      notes: [order, ...scaling],
    },
  };
}

async function scalingNote(contents: Contents, level: string, key: string): Promise<string[]> {
  if (level.startsWith('2')) {
    const low = await contents.number('/', `L2Scale${key}Min`);
    const high = await contents.number('/', `L2Scale${key}Max`);
    return low === undefined || high === undefined
      ? []
      : [
          `The file scales its samples: reflectance = ${low} + sample × ${(high - low) / L2_STEPS}; they are kept as stored.`,
        ];
  }
  const scale = await contents.number('/', `ScaleFactor_${key}`);
  const offset = (await contents.number('/', `Offset_${key}`)) ?? 0;
  return scale === undefined
    ? []
    : [
        `The file scales its samples: radiance = sample / ${scale} − ${offset}; they are kept as stored.`,
      ];
}
