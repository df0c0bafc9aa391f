import { dashOf, type Shades } from '../../ui/codecStyle';
import { spectralAngle } from '../stage/plot';
import type { Place } from './places';
import type { SpectrumSource } from './sources';
import type { Spectra, Spectrum } from './useSpectra';

/** One line of the plot. */
export interface SpectrumLine {
  readonly key: string;
  readonly name: string;
  readonly shades: Shades;
  /** SVG dash pattern; none for a solid line. */
  readonly dash?: string;
  readonly xs: readonly number[];
  readonly values: ArrayLike<number>;
  readonly deviation?: ArrayLike<number>;
}

/** How near a reconstruction's spectrum is to the original's, over the bands that both have. */
export interface Likeness {
  readonly samDegrees: number;
  /** In the cube's unit. */
  readonly rmse: number;
}

/** Dash pattern of each source, where colours tell places apart. */
export { dashOf };

/** Among marks, colours tell places apart; with none, they tell the sources apart. */
export const coloursTellPlaces = (places: readonly Place[]) => places.some(({ marked }) => marked);

/** `Pin 1, original`; names of codecs keep their capitals. */
export function lineName(place: Place, { name }: SpectrumSource, separator = ', '): string {
  const inside = name.replace(/^(Original|Reconstruction)/, (word) => word.toLowerCase());
  return `${place.name}${separator}${inside}`;
}

export function linesOf(
  places: readonly Place[],
  sources: readonly SpectrumSource[],
  spectra: Spectra,
): readonly SpectrumLine[] {
  const byPlace = coloursTellPlaces(places);
  return places.flatMap((place) =>
    sources.flatMap((source, index) => {
      const spectrum = spectra.of(place, source);
      if (!spectrum) return [];
      return {
        key: `${place.key} ${source.key}`,
        name: byPlace ? lineName(place, source) : source.name,
        shades: byPlace ? place.shades : source.shades,
        dash: byPlace ? dashOf(index) : source.dash,
        xs: source.xs,
        values: spectrum.values,
        deviation: spectrum.deviation,
      };
    }),
  );
}

/** The original's values at the bands of a reconstruction. */
function atBands(original: Spectrum, { bands }: SpectrumSource): number[] {
  return bands.map((band) => original.values[band]);
}

/** Reconstruction minus original, for every place that both have. */
export function residualsOf(
  places: readonly Place[],
  sources: readonly SpectrumSource[],
  spectra: Spectra,
): readonly SpectrumLine[] {
  const original = sources.find(({ role }) => role === 'original');
  if (!original) return [];
  const byPlace = coloursTellPlaces(places);
  return places.flatMap((place) =>
    sources.flatMap((source, index) => {
      if (source.role !== 'reconstruction') return [];
      const [before, after] = [spectra.of(place, original), spectra.of(place, source)];
      if (!before || !after) return [];
      const known = atBands(before, source);
      return {
        key: `${place.key} ${source.key}`,
        name: byPlace ? lineName(place, source) : source.name,
        shades: byPlace ? place.shades : source.shades,
        dash: byPlace ? dashOf(index) : source.dash,
        xs: source.xs,
        values: known.map((value, i) => after.values[i] - value),
      };
    }),
  );
}

export function likenessOf(
  place: Place,
  original: SpectrumSource | undefined,
  source: SpectrumSource,
  spectra: Spectra,
): Likeness | undefined {
  if (!original || source.role !== 'reconstruction') return undefined;
  const [before, after] = [spectra.of(place, original), spectra.of(place, source)];
  if (!before || !after) return undefined;
  const known = atBands(before, source);
  const errors = known.map((value, i) => after.values[i] - value).filter(Number.isFinite);
  const square = errors.reduce((sum, error) => sum + error * error, 0);
  return {
    samDegrees: spectralAngle(known, after.values),
    rmse: Math.sqrt(square / errors.length),
  };
}
