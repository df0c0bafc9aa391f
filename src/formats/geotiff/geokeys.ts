import type { GeoReference } from '../../core/cube/types';
import type { Field } from './tags';

const GEOGRAPHIC = 2;
const PROJECTED = 1;
const PIXEL_IS_AREA = 1;

/** The GeoTIFF tags (GeoTIFF 1.1) that carry an EPSG code and a transform. */
export function geoFields(geo: GeoReference | undefined): [number, Field][] {
  const fields: [number, Field][] = [];
  const { transform, epsg } = geo ?? {};
  if (transform) {
    const [x, dxColumn, dxRow, y, dyColumn, dyRow] = transform;
    if (dxRow === 0 && dyColumn === 0 && dxColumn > 0 && dyRow < 0) {
      fields.push([33550, { type: 'double', values: [dxColumn, -dyRow, 0] }]);
      fields.push([33922, { type: 'double', values: [0, 0, 0, x, y, 0] }]);
    } else {
      const matrix = [dxColumn, dxRow, 0, x, dyColumn, dyRow, 0, y, 0, 0, 0, 0, 0, 0, 0, 1];
      fields.push([34264, { type: 'double', values: matrix }]);
    }
  }
  if (transform || epsg !== undefined) {
    fields.push([34735, { type: 'short', values: geoKeyDirectory(geo!) }]);
  }
  return fields;
}

function geoKeyDirectory(geo: GeoReference): number[] {
  const keys: [key: number, value: number][] = [];
  const { epsg } = geo;
  // Keys hold 16 bits; the few codes beyond them cannot be stated.
  if (epsg !== undefined && epsg <= 0xffff) {
    const geographic = isGeographic(geo);
    keys.push([1024, geographic ? GEOGRAPHIC : PROJECTED]);
    keys.push([1025, PIXEL_IS_AREA]);
    keys.push(geographic ? [2048, epsg] : [3072, epsg]);
  } else {
    keys.push([1025, PIXEL_IS_AREA]);
  }
  return [1, 1, 0, keys.length, ...keys.flatMap(([key, value]) => [key, 0, 1, value])];
}

/**
 * The file must say whether a code means degrees or metres, and the code alone does not tell:
 * the well-known text does, or the coordinates (no projected scene lies within 360 × 90 units
 * of its origin), or else the block of codes that EPSG began its geographic systems in.
 */
function isGeographic({ wkt, transform, epsg }: GeoReference): boolean {
  if (wkt) return /^\s*GEOG/i.test(wkt);
  if (transform) return Math.abs(transform[0]) <= 360 && Math.abs(transform[3]) <= 90;
  return epsg !== undefined && epsg >= 4000 && epsg < 5000;
}
