import { version } from '../../../package.json';
import { type CsvCell, csvCell } from '../../core/csv';
import type { CubeInfo } from '../../core/cube/types';
import { fixed, significant } from '../../ui/format';
import { coloursTellPlaces, likenessOf, lineName } from './lines';
import type { Place } from './places';
import type { CaptionLine } from './SpectraChart';
import type { SpectrumSource } from './sources';
import type { Spectra } from './useSpectra';

/** What is exported: the marks, or the one place that is shown where there is none. */
export interface SpectraContent {
  readonly places: readonly Place[];
  readonly sources: readonly SpectrumSource[];
  readonly spectra: Spectra;
}

function placeLine(place: Place, { sources, spectra }: SpectraContent): string {
  const { x, y, width, height } = place.window;
  const original = sources.find(({ role }) => role === 'original');
  const where =
    place.kind === 'pixel'
      ? `pixel x ${x}, y ${y}`
      : `mean of ${original ? (spectra.of(place, original)?.pixels ?? 0) : width * height} pixels of ` +
        `the region x ${x}, y ${y}, ${width} × ${height}`;
  const likeness = sources.flatMap((source) => {
    const found = likenessOf(place, original, source, spectra);
    if (!found) return [];
    return `${source.name}: SAM ${fixed(found.samDegrees, 3)}°, RMSE ${significant(found.rmse)}`;
  });
  return [`${place.name}: ${where}`, ...likeness].join('; ');
}

/** What spectra were read of, with the colour of what has one in the plot. */
export function settingsOf(content: SpectraContent): CaptionLine[] {
  const byPlace = coloursTellPlaces(content.places);
  return [
    ...content.sources.map(({ name, about, shades }) => ({
      text: `${name}: ${about}`,
      shades: byPlace ? undefined : shades,
    })),
    ...content.places.map((place) => ({
      text: placeLine(place, content),
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
    ...settingsOf(content).map(({ text }) => text),
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

/** Name of an exported file, without what file systems dislike. */
export function exportName({ name }: CubeInfo, extension: string): string {
  const base = name.replace(/\.[A-Za-z0-9]{1,4}$/, '').replace(/[^\w.-]+/g, '-');
  return `${base}_spectra.${extension}`;
}
