import { type BandAxis, positionOf } from '../../state/bands';
import { type Shades, themed } from '../../ui/codecStyle';
import { fixed, significant } from '../../ui/format';
import { LineMark } from '../../ui/LineMark';
import { coloursTellPlaces, dashOf, likenessOf } from './lines';
import { POINTED_SHADES } from './markShades';
import { coordinates, type Place } from './places';
import type { SpectrumSource } from './sources';
import type { Spectra } from './useSpectra';

export interface BandMark {
  readonly band: number;
  readonly shades: Shades;
}

interface ReadoutProps {
  readonly places: readonly Place[];
  readonly sources: readonly SpectrumSource[];
  readonly spectra: Spectra;
  readonly axis: BandAxis;
  readonly marks: readonly BandMark[];
}

/** The place that was pointed at or marked last, its values at the bands of the picture. */
export function Readout({ places, sources, spectra, axis, marks }: ReadoutProps) {
  const place = places.findLast(({ marked }) => !marked) ?? places.at(-1);
  if (!place) return <span className="muted">Point at a pixel for its spectrum.</span>;
  return (
    <>
      <span className="readout__pixel" data-testid="pixel">
        {place.name} {coordinates(place)}
      </span>
      {marks.map(({ band, shades }) => {
        const shownBand = axis.bands[positionOf(axis, band)];
        const known = sources.flatMap((source) => {
          const value = spectra.of(place, source)?.values[source.bands.indexOf(shownBand)];
          return value === undefined ? [] : value;
        });
        return (
          known.length > 0 && (
            <span key={shades.light} className="readout__value">
              <span
                className="readout__dot"
                style={{ background: themed(shades) }}
                aria-hidden="true"
              />
              {known.map((value) => significant(value)).join(' → ')}
            </span>
          )
        );
      })}
      <LikenessOf {...{ place, sources, spectra }} />
    </>
  );
}

/** How near each reconstruction is to the original there; of several, the angles alone. */
function LikenessOf(props: Pick<ReadoutProps, 'sources' | 'spectra'> & { place: Place }) {
  const { place, sources, spectra } = props;
  const original = sources.find(({ role }) => role === 'original');
  const known = sources.flatMap((source) => {
    const likeness = likenessOf(place, original, source, spectra);
    return likeness ? [{ source, likeness }] : [];
  });
  if (known.length === 0) return null;
  if (known.length === 1) {
    const [{ likeness }] = known;
    return (
      <span className="readout__value" data-testid="likeness">
        SAM {fixed(likeness.samDegrees, 2)}°, RMSE {significant(likeness.rmse)}
      </span>
    );
  }
  return (
    <span className="readout__value" data-testid="likeness">
      SAM
      {known.map(({ source, likeness }) => (
        <span key={source.key} title={source.name} style={{ color: themed(source.shades) }}>
          {fixed(likeness.samDegrees, 2)}°
        </span>
      ))}
    </span>
  );
}

/** Which line is which image: by colour, or by dashes where colours tell places apart. */
export function Legend(props: { places: readonly Place[]; sources: readonly SpectrumSource[] }) {
  const byPlace = coloursTellPlaces(props.places);
  return (
    <span className="legend">
      {props.sources.map(({ key, name, shades, dash }, index) => (
        <span key={key} className="legend__item">
          <LineMark
            colour={byPlace ? POINTED_SHADES : shades}
            dash={byPlace ? dashOf(index) : dash}
          />
          {name}
        </span>
      ))}
    </span>
  );
}
