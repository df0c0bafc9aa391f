import type { CubeInfo } from '../../core/cube/types';
import { type StoredType, sampleTypeOf } from '../samples';
import type { Contents } from './contents';
import { listsNear, spectralInfo } from './lists';
import type { KnownCube, Offer } from './offers';

type Described = Omit<CubeInfo, 'name' | 'width' | 'height' | 'bands'>;

const NO_DATA_NAMES = [
  '_FillValue',
  'missing_value',
  'Data_Ignore_Value',
  'data ignore value',
  'NoData',
  'no_data',
  'FillValue',
];

/** What a file says of a cube besides its shape. `known`, of its layout, goes first. */
export async function describeCube(
  contents: Contents,
  offer: Offer,
  bands: number,
  known: KnownCube | undefined,
): Promise<Described> {
  const { path } = offer.dataset;
  const stored = offer.dataset.type as StoredType;
  const sampleType = sampleTypeOf(stored);
  const { wavelengthsNm, ...info } = known?.info ?? {};
  const fitting = wavelengthsNm?.length === bands ? wavelengthsNm : undefined;
  const spectral = spectralInfo(await listsNear(contents, offer.dataset), bands);
  const noData = await contents.number(path, ...NO_DATA_NAMES);
  const widened = `The samples are stored as ${stored} and were read as ${sampleType}, value for value.`;
  return {
    sampleType,
    noDataValue: noData !== undefined && sampleType === 'float32' ? Math.fround(noData) : noData,
    units: await contents.text(path, 'units', 'unit'),
    sensor: await contents.text('/', 'instrument', 'sensor'),
    ...spectral,
    ...info,
    wavelengthsNm: fitting ?? spectral.wavelengthsNm,
    wavelengthsGuessed: fitting ? undefined : spectral.wavelengthsGuessed,
    notes: [
      ...(stored === sampleType ? [] : [widened]),
      ...(fitting ? [] : spectral.notes),
      ...(info.notes ?? (await scalingNote(contents, path))),
    ],
  };
}

/** The scaling of the CF conventions, as NetCDF files state it. */
async function scalingNote(contents: Contents, path: string): Promise<string[]> {
  const scale = (await contents.number(path, 'scale_factor')) ?? 1;
  const offset = (await contents.number(path, 'add_offset')) ?? 0;
  if (scale === 1 && offset === 0) return [];
  return [
    `The file scales its samples: value = sample × ${scale} + ${offset}; they are kept as stored.`,
  ];
}
