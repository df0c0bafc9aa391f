import type { ImageFileDirectory } from 'geotiff';
import type { GeoReference } from '../../core/cube/types';

type Transform = NonNullable<GeoReference['transform']>;

/** GeoTIFF 1.1: the code of a user-defined system. */
const USER_DEFINED = 32_767;
const RASTER_PIXEL_IS_POINT = 2;

/**
 * EPSG code and transform of an image; undefined where the file has neither.
 * The transform is GDAL's: from the outer corner of the upper left pixel, also where the file
 * ties pixel centres (RasterPixelIsPoint).
 */
export async function readGeoReference(
  directory: ImageFileDirectory,
): Promise<GeoReference | undefined> {
  const keys = geoKeys(directory);
  const epsg = [keys.ProjectedCSTypeGeoKey, keys.GeographicTypeGeoKey].find(
    (code) => typeof code === 'number' && code > 0 && code !== USER_DEFINED,
  ) as number | undefined;
  const transform = await readTransform(directory, keys.GTRasterTypeGeoKey);
  return epsg === undefined && !transform ? undefined : { epsg, transform };
}

/** Damaged keys are no reason to refuse the samples. */
function geoKeys(directory: ImageFileDirectory): Record<string, unknown> {
  try {
    return directory.parseGeoKeyDirectory() ?? {};
  } catch {
    return {};
  }
}

async function readTransform(
  directory: ImageFileDirectory,
  rasterType: unknown,
): Promise<Transform | undefined> {
  const matrix = await doubles(directory, 'ModelTransformation', 16);
  const scale = await doubles(directory, 'ModelPixelScale', 2);
  const tie = await doubles(directory, 'ModelTiepoint', 6);
  let transform: Transform | undefined;
  if (matrix) transform = [matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]];
  else if (scale && tie) {
    const [column, row, , x, y] = tie;
    transform = [x - column * scale[0], scale[0], 0, y + row * scale[1], 0, -scale[1]];
  }
  if (!transform || rasterType !== RASTER_PIXEL_IS_POINT) return transform;
  const [x, dxColumn, dxRow, y, dyColumn, dyRow] = transform;
  return [x - (dxColumn + dxRow) / 2, dxColumn, dxRow, y - (dyColumn + dyRow) / 2, dyColumn, dyRow];
}

async function doubles(
  directory: ImageFileDirectory,
  tag: 'ModelTransformation' | 'ModelPixelScale' | 'ModelTiepoint',
  count: number,
): Promise<number[] | undefined> {
  const value: unknown = await directory.loadValue(tag);
  const numbers = ArrayBuffer.isView(value) || Array.isArray(value) ? [...(value as number[])] : [];
  return numbers.length >= count && numbers.every(Number.isFinite) ? numbers : undefined;
}
