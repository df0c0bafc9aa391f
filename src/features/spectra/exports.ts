import { version } from '../../../package.json';
import { type CsvCell, csvCell } from '../../core/csv';
import { pixelsInside } from '../../core/cube/polygon';
import type { CaptionLine } from '../../ui/FigureSheet';
import { fixed, significant } from '../../ui/format';
import { coloursTellPlaces, dashOf, likenessOf, lineName } from './lines';
import { POINTED_SHADES } from './markShades';
import type { Place } from './places';
import type { SpectrumSource } from './sources';
import type { Spectra } from './useSpectra';

/** What is exported: the marks, or the one place that is shown where there is none. */
export interface SpectraContent {
  readonly places: readonly Place[];
  readonly sources: readonly SpectrumSource[];
  readonly spectra: Spectra;
}

function placeLine(place: Place, { sources, spectra }: SpectraContent, full: boolean): string {
  const original = sources.find(({ role }) => role === 'original');
  const read = original && (spectra.of(place, original)?.pixels ?? 0);
  const likeness = sources.flatMap((source) => {
    const found = likenessOf(place, original, source, spectra);
    if (!found) return [];
    return `${source.name}: SAM ${fixed(found.samDegrees, 3)}°, RMSE ${significant(found.rmse)}`;
  });
  return [`${place.name}: ${whereabouts(place, read, full)}`, ...likeness].join('; ');
}

/** `read`: the pixels that a mean was taken of, where known. */
function whereabouts(
  { kind, window, polygon }: Place,
  read: number | undefined,
  full: boolean,
): string {
  const { x, y, width, height } = window;
  if (kind === 'pixel') return `pixel x ${x}, y ${y}`;
  if (!polygon) {
    return `mean of ${read ?? width * height} pixels of the region x ${x}, y ${y}, ${width} × ${height}`;
  }
  const corners = full
    ? `with corners at ${polygon.map((corner) => `${corner.x} ${corner.y}`).join(', ')}`
    : `of ${polygon.length} corners in x ${x}, y ${y}, ${width} × ${height}`;
  return `mean of ${read ?? pixelsInside(polygon)} pixels inside the polygon ${corners}`;
}

/**
 * What spectra were read of, with the colour of what has one in the plot; in `full`, every corner of
 * a polygon, which no line of a figure has room for.
 */
export function settingsOf(content: SpectraContent, full = false): CaptionLine[] {
  const byPlace = coloursTellPlaces(content.places);
  return [
    ...content.sources.map(({ name, about, shades, dash }, i) => ({
      text: `${name}: ${about}`,
      ...(byPlace ? { shades: POINTED_SHADES, dash: dashOf(i) } : { shades, dash }),
    })),
    ...content.places.map((place) => ({
      text: placeLine(place, content, full),
      shades: byPlace ? place.shades : undefined,
    })),
  ];
}

interface Column {
  readonly name: string;
  readonly source: SpectrumSource;
  readonly values: ArrayLike<number>;
}

function columnsOf({ places, sources, spectra }: SpectraContent): Column[] {
  return places.flatMap((place) =>
    sources.flatMap((source): Column[] => {
      const spectrum = spectra.of(place, source);
      if (!spectrum) return [];
      const { values, deviation } = spectrum;
      const name = lineName(place, source, ' ');
      if (!deviation) return [{ name, source, values }];
      return [
        { name: `${name} mean`, source, values },
        { name: `${name} std`, source, values: deviation },
      ];
    }),
  );
}

/**
 * One row a band under comment lines with the settings, after RFC 4180; bands are counted from 1,
 * and empty where a file does not hold them or there is no data.
 */
export function toCsv(content: SpectraContent): string {
  const columns = columnsOf(content);
  if (columns.length === 0) return '';
  const places = new Map<number, number>();
  for (const { bands, info } of content.sources)
    for (const [i, band] of bands.entries())
      places.set(band, info.wavelengthsNm?.[i] ?? Number.NaN);
  const unit = content.sources[0].info.units;
  const head = [
    `HSI Compression Studio ${version}`,
    ...settingsOf(content, true).map(({ text }) => text),
    `Values in the unit of the file${unit ? ` (${unit})` : ''}; std: sample standard deviation`,
  ];
  const positions = new Map(
    content.sources.map((source) => [source, new Map(source.bands.map((band, i) => [band, i]))]),
  );
  const rows = [...places.keys()]
    .sort((a, b) => a - b)
    .map((band): CsvCell[] => [
      band + 1,
      places.get(band),
      ...columns.map(({ source, values }) => {
        const position = positions.get(source)?.get(band);
        return position === undefined ? undefined : values[position];
      }),
    ]);
  const names = ['band', 'wavelength_nm', ...columns.map(({ name }) => name)];
  const lines = [names, ...rows].map((cells) => cells.map(csvCell).join(','));
  return [...head.map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`), ...lines, ''].join(
    '\r\n',
  );
}
