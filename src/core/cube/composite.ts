import { isDataSample, percentiles } from './normalize';
import type { CubeInfo, SampleArray } from './types';

/** Wavelengths in nm of common three-band views. */
export const TRUE_COLOUR_NM = [650, 550, 450] as const;
export const COLOUR_INFRARED_NM = [860, 650, 550] as const;

/** Index of the band whose centre is nearest to `nm`. */
export function nearestBand(wavelengthsNm: readonly number[], nm: number): number {
  let best = 0;
  for (let band = 1; band < wavelengthsNm.length; band++) {
    if (Math.abs(wavelengthsNm[band] - nm) < Math.abs(wavelengthsNm[best] - nm)) best = band;
  }
  return best;
}

/**
 * Red, green and blue bands for a first look: by wavelength where known, else the file's own
 * default bands, else spread over the cube.
 */
export function trueColourBands(info: CubeInfo): [number, number, number] {
  const { wavelengthsNm, defaultBands, bands } = info;
  if (wavelengthsNm) {
    const [red, green, blue] = TRUE_COLOUR_NM.map((nm) => nearestBand(wavelengthsNm, nm));
    return [red, green, blue];
  }
  if (defaultBands) return [...defaultBands];
  return [0.55, 0.3, 0.1].map((share) => Math.round(share * (bands - 1))) as [
    number,
    number,
    number,
  ];
}

/** The sample values shown as black and as full brightness, one pair a channel. */
export type Stretch = readonly { readonly low: number; readonly high: number }[];

/**
 * Percentile stretch of each channel of a BIP array with as many bands as channels. Channels
 * whose samples all agree get a range of width 1, so that they show as black.
 */
export function percentileStretch(
  samples: SampleArray,
  channels: number,
  percents: readonly [number, number],
  noDataValue?: number,
): Stretch {
  const pixels = samples.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    const values = new Float64Array(pixels);
    for (let pixel = 0; pixel < pixels; pixel++)
      values[pixel] = samples[pixel * channels + channel];
    if (!values.some((value) => isDataSample(value, noDataValue))) return { low: 0, high: 1 };
    const [low, high] = percentiles(values, percents, noDataValue);
    return { low, high: high > low ? high : low + 1 };
  });
}

/**
 * RGBA picture of a BIP array with three bands (or one, shown grey). Samples are stretched
 * linearly and shown with a display gamma of 1/1.6 (between linear and sRGB: dark scenes stay
 * readable without washing out bright ones); pixels without data are transparent.
 */
export function composite(
  samples: SampleArray,
  channels: 1 | 3,
  stretch: Stretch,
  noDataValue?: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = samples.length / channels;
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let hasData = true;
    for (let channel = 0; channel < 3; channel++) {
      const index = channels === 3 ? channel : 0;
      const value = samples[pixel * channels + index];
      const { low, high } = stretch[index];
      if (!isDataSample(value, noDataValue)) hasData = false;
      const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
      rgba[pixel * 4 + channel] = Math.round(255 * t ** (1 / 1.6));
    }
    rgba[pixel * 4 + 3] = hasData ? 255 : 0;
  }
  return rgba;
}
