import { type ColourMap, colourTable } from './colourMaps';
import { histogramPercentiles } from './histogram';
import { isDataSample } from './normalize';
import type { CubeInfo, SampleArray } from './types';

/** Wavelengths in nm of common three-band views. */
export const TRUE_COLOUR_NM = [650, 550, 450] as const;
export const COLOUR_INFRARED_NM = [860, 650, 550] as const;
export const SWIR_NM = [2200, 1650, 860] as const;

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
    return stretchOf(histogramPercentiles(values, percents, noDataValue));
  });
}

/** One channel's stretch from its percentiles; of width 1 where they agree, 0 to 1 without any. */
export function stretchOf(found: readonly number[] | undefined): Stretch[number] {
  const [low, high] = found ?? [0, 1];
  return { low, high: high > low ? high : low + 1 };
}

/** Where one channel's samples lie: pixel p's is `samples[p * step + offset]`. */
export interface Channel {
  readonly samples: SampleArray;
  readonly offset: number;
  readonly step: number;
}

/** Brightness in steps this fine, so that no power is taken per pixel: within a quarter level. */
const TONES = 65536;

/**
 * Display gamma of 1/1.6 (between linear and sRGB: dark scenes stay readable without washing out
 * bright ones).
 */
export const displayGamma = (tone: number) => tone ** (1 / 1.6);

const GREY_TONES = Uint8Array.from({ length: TONES }, (_, tone) =>
  Math.round(255 * displayGamma(tone / (TONES - 1))),
);

const toneTables = new Map<ColourMap, readonly Uint8Array[]>();

/** Red, green and blue of every tone. Colour maps are even as they are: only grey has the gamma. */
function tonesOf(map: ColourMap): readonly Uint8Array[] {
  if (map === 'grey') return [GREY_TONES, GREY_TONES, GREY_TONES];
  let tables = toneTables.get(map);
  if (!tables) {
    const table = colourTable(map, TONES);
    tables = [0, 1, 2].map((at) =>
      Uint8Array.from({ length: TONES }, (_, tone) => table[tone * 3 + at]),
    );
    toneTables.set(map, tables);
  }
  return tables;
}

/**
 * RGBA picture of three channels, or of one in a colour map. Samples are stretched linearly;
 * pixels without data in any channel are transparent.
 */
export function paintChannels(
  channels: readonly Channel[],
  stretch: Stretch,
  noDataValue?: number,
  map: ColourMap = 'grey',
): Uint8ClampedArray<ArrayBuffer> {
  const [{ samples, step }] = channels;
  const rgba = new Uint8ClampedArray((samples.length / step) * 4).fill(255);
  const colour = channels.length === 3;
  const tones = tonesOf(colour ? 'grey' : map);
  for (let target = 0; target < 3; target++) {
    const source = colour ? target : 0;
    paint(rgba, target, channels[source], stretch[source], tones[target], noDataValue);
  }
  return rgba;
}

function paint(
  rgba: Uint8ClampedArray,
  target: number,
  { samples, offset, step }: Channel,
  { low, high }: Stretch[number],
  tones: Uint8Array,
  noDataValue: number | undefined,
): void {
  const scale = (TONES - 1) / (high - low);
  for (let from = offset, to = target; from < samples.length; from += step, to += 4) {
    const value = samples[from];
    if (!isDataSample(value, noDataValue)) rgba[to - target + 3] = 0;
    const tone = (value - low) * scale + 0.5;
    rgba[to] = tones[tone >= TONES ? TONES - 1 : tone > 0 ? Math.trunc(tone) : 0];
  }
}

/** {@link paintChannels} of a BIP array with three bands, or one, shown grey. */
export function composite(
  samples: SampleArray,
  channels: 1 | 3,
  stretch: Stretch,
  noDataValue?: number,
): Uint8ClampedArray<ArrayBuffer> {
  const lying = Array.from({ length: channels }, (_, offset) => ({
    samples,
    offset,
    step: channels,
  }));
  return paintChannels(lying, stretch, noDataValue);
}
