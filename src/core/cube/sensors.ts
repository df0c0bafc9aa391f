import { parseBandRanges } from './bandRanges';
import type { CubeInfo } from './types';

/** Band centres of a sensor, or of the part of its bands that a common data set keeps. */
export interface SensorPreset {
  readonly id: string;
  readonly label: string;
  /** What the centres are and how near they come, one sentence. */
  readonly origin: string;
  /** True where they are not within a few nm of a calibration. */
  readonly approximate: boolean;
  /** Band centres in nm, in the sensor's own order. */
  readonly nm: readonly number[];
  /** What the sensor or the scene is called in files. */
  readonly named: RegExp;
}

/** Evenly spaced centres, to 0.01 nm. */
function even(firstNm: number, lastNm: number, bands: number): number[] {
  const step = (lastNm - firstNm) / (bands - 1);
  return Array.from({ length: bands }, (_, i) => Math.round(100 * (firstNm + i * step)) / 100);
}

/** Without the bands listed, counted from 1. */
function without(nm: readonly number[], ranges: string): number[] {
  const removed = new Set(parseBandRanges(ranges));
  return nm.filter((_, band) => !removed.has(band));
}

function only(nm: readonly number[], ranges: string): number[] {
  return (parseBandRanges(ranges) ?? []).map((band) => nm[band]);
}

/** Straight lines through [band counted from 1, nm]. */
function through(points: readonly (readonly [number, number])[]): number[] {
  return Array.from({ length: points[points.length - 1][0] }, (_, i) => {
    const band = i + 1;
    const next = Math.max(
      1,
      points.findIndex(([at]) => at >= band),
    );
    const [[b0, nm0], [b1, nm1]] = [points[next - 1], points[next]];
    return Math.round(10 * (nm0 + ((band - b0) / (b1 - b0)) * (nm1 - nm0))) / 10;
  });
}

/**
 * AVIRIS: four spectrometers of 32, 64, 64 and 64 channels, each almost even, which overlap
 * (Green et al., “Imaging Spectroscopy and the Airborne Visible/Infrared Imaging Spectrometer”,
 * 1998). Centres move by up to some nm from season to season.
 */
const AVIRIS = [
  ...even(365.9, 667.5, 32),
  ...even(655.5, 1263.1, 64),
  ...even(1253.4, 1872.4, 64),
  ...even(1866.8, 2496.2, 64),
];

/** Purdue's Indian Pines: AVIRIS without the empty first channel of each spectrometer. */
const INDIAN_PINES = without(AVIRIS, '1 33 97 161');

/** Hyperion: 70 channels VNIR, 172 SWIR (USGS, EO-1 Hyperion spectral coverage). */
const HYPERION = [...even(355.59, 1057.68, 70), ...even(851.92, 2577.08, 172)];

/**
 * HYDICE: a prism spreads 210 channels over 400–2500 nm unevenly (Rickard et al., 1993). Lines
 * through what every scene shows: green peak, chlorophyll, red edge, the water-vapour bands.
 */
const HYDICE = through([
  [1, 400],
  [36, 550],
  [53, 680],
  [76, 940],
  [87, 1130],
  [106, 1395],
  [126, 1650],
  [144, 1870],
  [177, 2206],
  [210, 2500],
]);

/** EnMAP: 91 bands VNIR, 133 SWIR (EnMAP HSI product specification). */
const ENMAP = [...even(418.2, 993.3, 91), ...even(902.2, 2445.5, 133)];

/** As columns: id, label, centres, names in files, origin; `≈` before an origin that is rough. */
type Row = readonly [string, string, readonly number[], RegExp, string];

/**
 * Removals are those that the publishers of the benchmark scenes state (Grupo de Inteligencia
 * Computacional, UPV/EHU, for Indian Pines, Salinas, Pavia, Botswana; Zhu et al. for Jasper Ridge,
 * Urban and Cuprite; Fuchs and Demir for HySpecNet-11k).
 */
const ROWS: readonly Row[] = [
  ['aviris', 'AVIRIS', AVIRIS, /aviris(?!.?ng)/i, 'Season by season they move by some nm'],
  ['indian-pines', 'AVIRIS, Indian Pines', INDIAN_PINES, /indian/i, 'AVIRIS without 4 channels'],
  [
    'indian-pines-corrected',
    'AVIRIS, Indian Pines corrected',
    without(INDIAN_PINES, '104-108 150-163 220'),
    /indian/i,
    'Without bands 104–108, 150–163 and 220 of 220',
  ],
  [
    'salinas',
    'AVIRIS, Salinas corrected',
    without(AVIRIS, '108-112 154-167 224'),
    /salinas/i,
    'Without bands 108–112, 154–167 and 224 of 224',
  ],
  [
    'jasper-ridge',
    'AVIRIS, Jasper Ridge',
    without(AVIRIS, '1-3 108-112 154-166 220-224'),
    /jasper/i,
    'Without bands 1–3, 108–112, 154–166 and 220–224 of 224',
  ],
  [
    'cuprite',
    'AVIRIS, Cuprite',
    without(AVIRIS, '1-2 104-113 148-167 221-224'),
    /cuprite/i,
    'Without bands 1–2, 104–113, 148–167 and 221–224 of 224',
  ],
  [
    'aviris-ng',
    'AVIRIS-NG',
    even(376.9, 2500.5, 425),
    /aviris.?ng/i,
    '≈ 425 channels in steps of 5.01 nm',
  ],
  [
    'neon-ais',
    'NEON imaging spectrometer',
    even(383.5, 2511.9, 426),
    /neon/i,
    '426 channels in steps of 5.01 nm; flights differ by about 1 nm',
  ],
  [
    'rosis-103',
    'ROSIS-03, Pavia University',
    even(430, 860, 103),
    /rosis|pavia/i,
    '≈ The bands kept of 115, spread evenly over 430–860 nm',
  ],
  [
    'rosis-102',
    'ROSIS-03, Pavia Centre',
    even(430, 860, 102),
    /rosis|pavia/i,
    '≈ The bands kept of 115, spread evenly over 430–860 nm',
  ],
  [
    'hydice',
    'HYDICE',
    HYDICE,
    /hydice|urban/i,
    '≈ Interpolated between spectral landmarks, good to 10–20 nm',
  ],
  [
    'urban-162',
    'HYDICE, Urban',
    without(HYDICE, '1-4 76 87 101-111 136-153 198-210'),
    /hydice|urban/i,
    '≈ HYDICE without bands 1–4, 76, 87, 101–111, 136–153 and 198–210, good to 10–20 nm',
  ],
  ['hyperion', 'Hyperion', HYPERION, /hyperion|eo-?1/i, 'All 242 channels, VNIR before SWIR'],
  [
    'botswana',
    'Hyperion, Botswana',
    only(HYPERION, '10-55 82-97 102-119 134-164 187-220'),
    /botswana|hyperion/i,
    'Bands 10–55, 82–97, 102–119, 134–164 and 187–220 of 242',
  ],
  ['enmap', 'EnMAP', ENMAP, /enmap/i, '≈ 91 bands VNIR before 133 SWIR, each spread evenly'],
  [
    'hyspecnet',
    'EnMAP, HySpecNet-11k',
    without(ENMAP, '127-141 161-167'),
    /hyspecnet|enmap/i,
    '≈ EnMAP without bands 127–141 and 161–167',
  ],
  [
    'prisma',
    'PRISMA',
    [...even(402, 977, 63), ...even(943, 2497, 171)],
    /prisma/i,
    '≈ 63 bands VNIR before 171 SWIR, each spread evenly',
  ],
  ['emit', 'EMIT', even(381, 2493, 285), /emit/i, '≈ 285 bands spread evenly over 381–2493 nm'],
  ['desis', 'DESIS', even(401.9, 999.5, 235), /desis/i, '≈ 235 bands in steps of 2.55 nm'],
  [
    'casi-144',
    'CASI, Houston 2013',
    even(380, 1050, 144),
    /casi|houston/i,
    '≈ 144 bands spread evenly over 380–1050 nm',
  ],
  [
    'casi-48',
    'CASI, Houston 2018',
    even(380, 1050, 48),
    /casi|houston/i,
    '≈ 48 bands spread evenly over 380–1050 nm',
  ],
  ['samson', 'SAMSON', even(401, 889, 156), /samson/i, '≈ 156 bands, 401–889 nm'],
  [
    'chikusei',
    'Headwall, Chikusei',
    even(363, 1018, 128),
    /chikusei|headwall/i,
    '≈ 128 bands spread evenly over 363–1018 nm',
  ],
  [
    'whu-hi',
    'Headwall Nano, WHU-Hi',
    even(400, 1000, 270),
    /whu|longkou|honghu|headwall/i,
    '≈ 270 bands spread evenly over 400–1000 nm',
  ],
  ['uhd-285', 'Cubert UHD 285', even(450, 998, 138), /cubert|uhd/i, '138 bands in steps of 4 nm'],
];

export const SENSOR_PRESETS: readonly SensorPreset[] = ROWS.map(
  ([id, label, nm, named, origin]) => {
    const approximate = origin.startsWith('≈');
    return {
      id,
      label: approximate ? `${label} (approximate)` : label,
      origin: origin.replace(/^≈ /, ''),
      approximate,
      nm,
      named,
    };
  },
);

/**
 * Presets with as many bands as the cube, those that its sensor or name speaks of first. They are
 * suggestions: a count of bands proves no sensor.
 */
export function fittingPresets({
  bands,
  sensor,
  name,
}: Pick<CubeInfo, 'bands' | 'sensor' | 'name'>): readonly SensorPreset[] {
  const fitting = SENSOR_PRESETS.filter(({ nm }) => nm.length === bands);
  const spoken = ({ named }: SensorPreset) => (named.test(`${sensor ?? ''} ${name}`) ? 0 : 1);
  return [...fitting].sort((a, b) => spoken(a) - spoken(b));
}
