import type { Codec, JobContext } from '../codecs/types';
import { storedRange } from '../core/bitstream/storedRange';
import { trueColourBands } from '../core/cube/composite';
import { valueRange } from '../core/cube/normalize';
import type { CubeSource, HyperspectralCube } from '../core/cube/types';
import { loadWindow, memorySource, withBands } from '../core/cube/window';
import { HscError, throwIfAborted } from '../core/errors';
import { figures } from '../core/metrics/figures';
import { rate } from '../core/metrics/rate';
import type { Measured, MeasureRequest, Picture, Survey, SurveyRequest } from './api';
import { contentDigest } from './digest';
import { windowBands } from './overview';
import { render } from './render';

/** What every codec of a sweep is measured on: the same samples, value range and colours. */
export interface Original extends Survey {
  readonly cube: HyperspectralCube;
  readonly rgb: readonly [number, number, number];
}

const PERCENTILES = [2, 98] as const;
/** A part is held in memory as samples, coded and restored. */
const MOST_SAMPLES = 2 ** 27;

export async function surveyOriginal(
  source: CubeSource,
  { window, bands, maxSide }: SurveyRequest,
): Promise<Original> {
  const samples = window.width * window.height * (bands?.length ?? source.info.bands);
  if (samples > MOST_SAMPLES) {
    throw new HscError(
      'limit',
      `${Math.round(samples / 1e6)} million samples are too many to measure at once (at most ` +
        `${Math.floor(MOST_SAMPLES / 1e6)} million): measure on patches instead.`,
    );
  }
  const whole = await loadWindow(source, window);
  const cube = bands ? withBands(whole, bands) : whole;
  const rgb = trueColourBands(cube);
  return {
    cube,
    rgb,
    range: storedRange(valueRange(cube)),
    digest: await contentDigest(cube),
    picture: await picture(cube, rgb, PERCENTILES, maxSide),
  };
}

/** What may leave the engine of an original. */
export function surveyOf({ digest, range, picture }: Original): Survey {
  return { digest, range, picture };
}

/** Encodes without metadata, decodes the bytes, compares at the native bands. */
export async function measureCodec(
  original: Original,
  codec: Codec,
  request: MeasureRequest,
  { signal, onProgress }: JobContext,
): Promise<Omit<Measured, 'backend'>> {
  const { cube, range, rgb } = original;
  const share = (from: number): JobContext => ({
    signal,
    onProgress: onProgress && ((done, label) => onProgress(from + done / 2, label)),
  });
  const options = { rate: request.rate, bandPolicy: 'refuse', metadata: 'none' } as const;
  const encoded = await codec.encode(cube, options, share(0));
  const decoded = await codec.decode(encoded.file, { bandsFrom: cube.wavelengthsNm }, share(0.5));
  throwIfAborted(signal);
  const { data, bands, noDataValue, sampleType } = cube;
  return {
    file: encoded.file,
    figures: figures(data, decoded.cube.data, cube, range, {
      noDataValue,
      rgb: triple(bands, rgb),
    }),
    rate: rate(encoded.file.byteLength, cube, sampleType),
    encodeMs: encoded.milliseconds,
    decodeMs: decoded.milliseconds,
    picture: await picture(decoded.cube, rgb, original.picture.stretch, request.maxSide),
  };
}

/** GMSD looks at three bands; an image of fewer has none. */
const triple = (bands: number, rgb: Original['rgb']) => (bands < 3 ? undefined : rgb);

async function picture(
  cube: HyperspectralCube,
  rgb: Original['rgb'],
  stretch: readonly [number, number] | Picture['stretch'],
  maxSide: number,
): Promise<Picture> {
  const window = { x: 0, y: 0, width: cube.width, height: cube.height };
  return render(cube, await windowBands(memorySource(cube), window, rgb, maxSide), stretch);
}
