import {
  composite,
  percentileStretch,
  type Stretch,
  trueColourBands,
} from '../../core/cube/composite';
import { isDataSample } from '../../core/cube/normalize';
import type { HyperspectralCube } from '../../core/cube/types';
import { selectBands } from '../../core/cube/window';
import { png } from '../png';

function dataUri(width: number, height: number, rgba: Uint8ClampedArray): string {
  return `data:image/png;base64,${Buffer.from(png(width, height, rgba)).toString('base64')}`;
}

/** Three bands of a cube as a view of it shows them. */
function view(cube: HyperspectralCube) {
  return selectBands(cube.data, cube.bands, trueColourBands(cube));
}

/** The stretch in which a cube and all its reconstructions are shown. */
export function stretchOf(cube: HyperspectralCube): Stretch {
  return percentileStretch(view(cube), 3, [2, 98], cube.noDataValue);
}

/** A cube's three-band view as a PNG data URI. */
export function viewPicture(cube: HyperspectralCube, stretch: Stretch): string {
  const rgba = composite(view(cube), 3, stretch, cube.noDataValue);
  return dataUri(cube.width, cube.height, rgba);
}

/** Cividis, every 16th of its colours (Nuñez, Anderton and Renslow 2018): read alike by all eyes. */
const CIVIDIS = [
  ...['00224e', '002e6a', '1a386f', '32436d', '434e6c', '535a6d', '61656f', '6f7073', '7d7c78'],
  ...['8b8778', '9a9376', 'aaa073', 'bbad6d', 'ccba64', 'ddc858', 'efd748', 'fee838'],
].map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

function coloured(values: ArrayLike<number>, top: number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const at = Math.min(1, values[i] / top) * (CIVIDIS.length - 1);
    const [below, above] = [CIVIDIS[Math.floor(at)], CIVIDIS[Math.ceil(at)]];
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = below[c] + (above[c] - below[c]) * (at % 1);
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

/**
 * A map of values from 0 to `top` (larger ones look like it) as a PNG data URI; pixels whose
 * value is NaN are transparent.
 */
export function mapPicture(values: Float32Array, width: number, top: number): string {
  return dataUri(width, values.length / width, coloured(values, top));
}

/** The colours of `mapPicture` from 0 to `top`, left to right. */
export function scalePicture(): string {
  return dataUri(
    256,
    1,
    coloured(
      Float32Array.from({ length: 256 }, (_, i) => i / 255),
      1,
    ),
  );
}

const TOP_PERCENT = 0.99;
const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** A round value that 99 % of all values of the maps lie below; 1 where there is none. */
export function commonTop(maps: readonly Float32Array[]): number {
  const sorted = Float32Array.from(
    maps.flatMap((map) => [...map].filter((value) => isDataSample(value, undefined))),
  ).sort();
  const high = sorted[Math.floor((sorted.length - 1) * TOP_PERCENT)] ?? 0;
  if (!(high > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(high));
  return power * (ROUND.find((factor) => factor * power >= high) ?? 10);
}
