import { HscError } from '../errors';
import type { CubeInfo, CubeSource, HyperspectralCube, PixelWindow, SampleArray } from './types';

type SampleArrayConstructor = {
  new (length: number): SampleArray;
  readonly BYTES_PER_ELEMENT: number;
};

/** A zeroed array of the same sample type. */
export function emptyLike(samples: SampleArray, length: number): SampleArray {
  return new (samples.constructor as SampleArrayConstructor)(length);
}

/** The window that is the whole image. */
export function wholeWindow({ width, height }: Pick<CubeInfo, 'width' | 'height'>): PixelWindow {
  return { x: 0, y: 0, width, height };
}

/** Throws `bad-argument` unless the window is whole pixels inside the cube. */
export function assertWindow(window: PixelWindow, width: number, height: number): void {
  const { x, y, width: w, height: h } = window;
  const whole = [x, y, w, h].every(Number.isInteger);
  if (!whole || x < 0 || y < 0 || w < 1 || h < 1 || x + w > width || y + h > height) {
    throw new HscError(
      'bad-argument',
      `The window ${w}×${h} at (${x}, ${y}) lies outside the image of ${width}×${height} pixels.`,
    );
  }
}

/** Samples of a window of a BIP array. */
export function cropSamples(
  samples: SampleArray,
  shape: { readonly width: number; readonly height: number; readonly bands: number },
  window: PixelWindow,
): SampleArray {
  assertWindow(window, shape.width, shape.height);
  const row = window.width * shape.bands;
  const target = emptyLike(samples, window.height * row);
  for (let y = 0; y < window.height; y++) {
    const start = ((window.y + y) * shape.width + window.x) * shape.bands;
    target.set(samples.subarray(start, start + row) as never, y * row);
  }
  return target;
}

/** The picked bands of a window of a BIP array, without a copy of the others. */
function cropBands(
  samples: SampleArray,
  shape: { readonly width: number; readonly height: number; readonly bands: number },
  window: PixelWindow,
  picked: readonly number[],
): SampleArray {
  assertWindow(window, shape.width, shape.height);
  const target = emptyLike(samples, window.height * window.width * picked.length);
  let to = 0;
  for (let y = window.y; y < window.y + window.height; y++) {
    const start = (y * shape.width + window.x) * shape.bands;
    const end = start + window.width * shape.bands;
    for (let from = start; from < end; from += shape.bands) {
      for (const band of picked) target[to++] = samples[from + band];
    }
  }
  return target;
}

/** The picked bands of every pixel of a BIP array, in the order of `picked`. */
export function selectBands(
  samples: SampleArray,
  bands: number,
  picked: readonly number[],
): SampleArray {
  const pixels = samples.length / bands;
  const target = emptyLike(samples, pixels * picked.length);
  let to = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * bands;
    for (const band of picked) target[to++] = samples[from + band];
  }
  return target;
}

/** The values of a per-band list at the picked bands. */
export function pick<T>(
  values: readonly T[] | undefined,
  picked: readonly number[],
): T[] | undefined {
  return values && picked.map((band) => values[band]);
}

/** The cube restricted to some of its bands; per-band metadata follow. */
export function withBands(cube: HyperspectralCube, picked: readonly number[]): HyperspectralCube {
  const rank = new Map(picked.map((band, index) => [band, index]));
  const defaults = cube.defaultBands?.map((band) => rank.get(band));
  return {
    ...cube,
    data: selectBands(cube.data, cube.bands, picked),
    bands: picked.length,
    wavelengthsNm: pick(cube.wavelengthsNm, picked),
    fwhmNm: pick(cube.fwhmNm, picked),
    bandNames: pick(cube.bandNames, picked),
    badBands: cube.badBands?.flatMap((band) => rank.get(band) ?? []),
    leftOutBands: cube.leftOutBands?.flatMap((band) => rank.get(band) ?? []),
    defaultBands: defaults?.every((band) => band !== undefined)
      ? (defaults as [number, number, number])
      : undefined,
  };
}

/** Moves the georeference to a window's upper left corner. */
function moveGeo(geo: HyperspectralCube['geo'], window: PixelWindow): HyperspectralCube['geo'] {
  if (!geo) return undefined;
  const { transform, mapInfo } = geo;
  const moved = transform && ([...transform] as [number, number, number, number, number, number]);
  if (moved) {
    moved[0] += window.x * moved[1] + window.y * moved[2];
    moved[3] += window.x * moved[4] + window.y * moved[5];
  }
  // ENVI map info ties the pixel (fields 1 and 2, counted from 1) to a map coordinate.
  const tied = mapInfo?.map((field, index) =>
    index === 1
      ? String(Number(field) - window.x)
      : index === 2
        ? String(Number(field) - window.y)
        : field,
  );
  return { ...geo, transform: moved, mapInfo: tied };
}

/**
 * What is known of a window of an image, georeference moved along. Throws `bad-argument` for one
 * outside it.
 */
export function windowInfo(info: CubeInfo, window: PixelWindow): CubeInfo {
  assertWindow(window, info.width, info.height);
  const { width, height } = window;
  return { ...info, width, height, geo: moveGeo(info.geo, window) };
}

/** Reads a window of a source into memory as a cube of its own, georeference moved along. */
export async function loadWindow(
  source: CubeSource,
  window: PixelWindow,
  signal?: AbortSignal,
): Promise<HyperspectralCube> {
  const info = windowInfo(source.info, window);
  return { ...info, data: await source.readWindow(window, { signal }) };
}

/** A source over a cube that is in memory already. */
export function memorySource(cube: HyperspectralCube): CubeSource {
  const { data, ...info } = cube;
  return {
    info,
    inMemory: true,
    heldBytes: data.byteLength,
    async readWindow(window, options) {
      return options?.bands
        ? cropBands(data, cube, window, options.bands)
        : cropSamples(data, cube, window);
    },
    async close() {},
  };
}

/**
 * A window of a source as a source of its own, georeference moved along. Closing it leaves the source
 * open.
 */
export function windowSource(source: CubeSource, window: PixelWindow): CubeSource {
  return {
    info: windowInfo(source.info, window),
    inMemory: source.inMemory,
    async readWindow(part, options) {
      assertWindow(part, window.width, window.height);
      return source.readWindow({ ...part, x: part.x + window.x, y: part.y + window.y }, options);
    },
    async close() {},
  };
}
