import type { GeoReference } from '../../core/cube/types';

type Transform = NonNullable<GeoReference['transform']>;

const WGS84 = /^wgs[-_ ]?(19)?84$/i;

/** The georeference of an ENVI header: `map info` fields and the coordinate system string. */
export function geoOf(
  mapInfo: readonly string[],
  wkt: string | undefined,
): GeoReference | undefined {
  if (mapInfo.length === 0 && !wkt) return undefined;
  return {
    mapInfo: mapInfo.length > 0 ? mapInfo : undefined,
    wkt: wkt || undefined,
    epsg: epsgOf(mapInfo),
    transform: transformOf(mapInfo),
  };
}

/**
 * `map info` of a georeference that came from another format; undefined where the transform is
 * sheared, which ENVI cannot say.
 */
export function mapInfoOf(geo: GeoReference): readonly string[] | undefined {
  if (geo.mapInfo) return geo.mapInfo;
  if (!geo.transform) return undefined;
  const [x0, xPerColumn, xPerRow, y0, yPerColumn, yPerRow] = geo.transform;
  const columnSize = Math.hypot(xPerColumn, yPerColumn);
  const rowSize = (xPerRow * yPerColumn - xPerColumn * yPerRow) / columnSize;
  const rotation = (Math.atan2(yPerColumn, xPerColumn) * 180) / Math.PI;
  const tied = ['1', '1', String(x0), String(y0), String(columnSize), String(rowSize)];
  const fields = [...projectionOf(geo.epsg, tied), ...(rotation ? [`rotation=${rotation}`] : [])];
  const again = transformOf(fields);
  const close = again?.every(
    (value, i) => Math.abs(value - geo.transform![i]) <= 1e-9 * (Math.abs(value) + columnSize),
  );
  return close ? fields : undefined;
}

function projectionOf(epsg: number | undefined, tied: readonly string[]): string[] {
  if (epsg === 4326) return ['Geographic Lat/Lon', ...tied, 'WGS-84', 'units=Degrees'];
  const zone = epsg === undefined ? 0 : epsg % 100;
  const hemisphere = epsg === undefined ? 0 : Math.floor(epsg / 100);
  if ((hemisphere === 326 || hemisphere === 327) && zone >= 1 && zone <= 60) {
    const side = hemisphere === 326 ? 'North' : 'South';
    return ['UTM', ...tied, String(zone), side, 'WGS-84', 'units=Meters'];
  }
  return ['Arbitrary', ...tied];
}

/**
 * GDAL's geotransform. Fields 1 and 2 tie a pixel, counted from 1 at its upper left corner, to
 * the coordinates in fields 3 and 4; the rotation is counterclockwise in degrees.
 */
function transformOf(mapInfo: readonly string[]): Transform | undefined {
  const [column, row, x, y, columnSize, rowSize] = mapInfo.slice(1, 7).map(Number);
  const rotation = Number(optionOf(mapInfo, 'rotation') ?? 0) * (Math.PI / 180);
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const [xPerColumn, xPerRow] = [cos * columnSize, sin * rowSize];
  const [yPerColumn, yPerRow] = [sin * columnSize, -cos * rowSize];
  const x0 = x - (column - 1) * xPerColumn - (row - 1) * xPerRow;
  const y0 = y - (column - 1) * yPerColumn - (row - 1) * yPerRow;
  const transform: Transform = [x0, xPerColumn, xPerRow, y0, yPerColumn, yPerRow];
  return transform.every(Number.isFinite) ? transform : undefined;
}

function optionOf(mapInfo: readonly string[], key: string): string | undefined {
  const found = mapInfo.find((field) =>
    field.toLowerCase().replaceAll(' ', '').startsWith(`${key}=`),
  );
  return found?.slice(found.indexOf('=') + 1).trim();
}

/** EPSG codes of the projections on WGS 84 that `map info` names in full. */
function epsgOf(mapInfo: readonly string[]): number | undefined {
  const [projection] = mapInfo;
  if (/^utm$/i.test(projection ?? '') && WGS84.test(mapInfo[9] ?? '')) {
    const zone = Number(mapInfo[7]);
    const valid = Number.isInteger(zone) && zone >= 1 && zone <= 60;
    return valid ? (/^s/i.test(mapInfo[8]) ? 32700 : 32600) + zone : undefined;
  }
  return /^geographic/i.test(projection ?? '') && WGS84.test(mapInfo[7] ?? '') ? 4326 : undefined;
}
