/** Headers and symbols for tests; a seed means one file everywhere. */
import { type FrameSymbols, PRECISIONS } from '../entropy/frameCoder';
import { hyperSize } from '../entropy/hyperSynthesis';
import type { TileSymbols } from '../entropy/latentCoder';
import type { FrameSpec } from '../entropy/model';
import { randomIntegers, TEST_SPEC } from '../entropy/testModel';
import type { HificHeader } from './header';
import type { HscMetadata } from './metadata';
import { storedRange } from './storedRange';
import { tileLayout } from './tiles';

export function testHeader(changes: Partial<HificHeader> = {}): HificHeader {
  return {
    family: 'hific',
    width: 96,
    height: 96,
    bands: 128,
    sampleType: 'uint16',
    mapping: 'wavelength',
    range: storedRange({ low: 112.5, high: 4821 }),
    model: { digest: '0123abcd', rate: 90, frame: new Uint8Array(0) },
    ...changes,
  };
}

/** Triangularly distributed symbols of magnitude up to 2 * reach for every tile of an image. */
export function testSymbols(
  { width, height }: Pick<HificHeader, 'width' | 'height'>,
  seed: number,
  reach = 3,
): TileSymbols[] {
  const random = randomIntegers(seed);
  const fill = (length: number) =>
    Int32Array.from({ length }, () => random(-reach, reach) + random(-reach, reach));
  return tileLayout(width, height).tiles.map((tile) => {
    const hyper = hyperSize(tile);
    return {
      zq: fill(hyper.height * hyper.width * TEST_SPEC.hyperFilters),
      q: fill(tile.height * tile.width * TEST_SPEC.latentChannels),
    };
  });
}

/** A frame of `rows` axes for the test model. */
export function testFrame(seed: number, rows: number): FrameSymbols {
  const random = randomIntegers(seed);
  const { components } = TEST_SPEC.frame as FrameSpec;
  const length = rows + 1;
  return {
    precision: Array.from({ length }, () => random(0, PRECISIONS - 1)),
    symbols: Array.from({ length }, () =>
      Int32Array.from({ length: components }, () => random(-40, 40)),
    ),
  };
}

/** Every metadata field there is, for `bands` coded bands. */
export function testMetadata(bands: number): HscMetadata {
  const perBand = <T>(value: (band: number) => T) =>
    Array.from({ length: bands }, (_, b) => value(b));
  return {
    name: 'Prüffeld 3',
    sensor: 'AVIRIS',
    units: 'reflectance × 10000',
    selection: { sourceBands: bands + 7, codedBands: perBand((b) => (b < 2 ? b : b + 4)) },
    wavelengthsNm: perBand((b) => Math.round(401_290 + 9_831.3 * b + 90 * Math.sin(b)) / 1000),
    fwhmNm: perBand((b) => 9.5 + (b % 3) / 1000),
    bandNames: perBand((b) => `Band ${b + 1}`),
    badBands: [0, bands - 1],
    noDataValue: -9999,
    defaultBands: [bands - 1, 1, 0],
    geo: {
      mapInfo: ['UTM', '1.000', '1.000', '570000.0', '4150000.0', '15.7', '15.7', '10', 'North'],
      wkt: 'PROJCS["WGS 84 / UTM zone 10N"]',
      epsg: 32610,
      transform: [570000, 15.7, 0, 4150000, 0, -15.7],
    },
    notes: ['Two bands were marked as bad.'],
  };
}
