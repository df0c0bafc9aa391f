import { useStudio } from '../../state/react';
import { ProgressBar } from '../../ui/blocks';
import { themed } from '../../ui/codecStyle';
import { IconButton } from '../../ui/controls';
import { fixed, significant } from '../../ui/format';
import { likenessOf } from './lines';
import { coordinates, type Place } from './places';
import type { SpectrumSource } from './sources';
import { covers, type Spectra } from './useSpectra';

interface MarkListProps {
  readonly places: readonly Place[];
  readonly sources: readonly SpectrumSource[];
  readonly spectra: Spectra;
}

/** Pins and regions: their names, where they are, and how near the reconstructions come. */
export function MarkList({ places, sources, spectra }: MarkListProps) {
  return (
    <ul className="marks" aria-label="Pins and regions">
      {places
        .filter(({ marked }) => marked)
        .map((place) => (
          <MarkRow key={place.key} {...{ place, sources, spectra }} />
        ))}
    </ul>
  );
}

function MarkRow(props: { place: Place } & Omit<MarkListProps, 'places'>) {
  const { place, sources, spectra } = props;
  const rename = useStudio((state) => state.renameMark);
  const remove = useStudio((state) => state.removeMark);
  const original = sources.find(({ role }) => role === 'original');
  const { reading } = spectra;
  return (
    <li className="marks__item">
      <span className="marks__swatch" style={{ background: themed(place.shades) }} />
      <input
        key={place.name}
        className="entry marks__name"
        aria-label={`Name of ${place.name}`}
        defaultValue={place.name}
        onBlur={(event) => rename(place.key, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') {
            event.preventDefault();
            if (event.key === 'Escape') event.currentTarget.value = place.name;
            event.currentTarget.blur();
          }
        }}
      />
      <IconButton icon="close" label={`Remove ${place.name}`} onClick={() => remove(place.key)} />
      <span className="marks__detail">{coordinates(place)}</span>
      {reading?.place === place.key && (
        <ProgressBar done={reading.done} label={`Reading ${place.name}`} />
      )}
      {sources.map((source) => {
        if (!covers(source, place)) {
          return (
            <span key={source.key} className="marks__detail">
              Reaches beyond the {source.name.toLowerCase()}
            </span>
          );
        }
        const likeness = likenessOf(place, original, source, spectra);
        return (
          likeness && (
            <span
              key={source.key}
              className="marks__detail"
              data-testid={`sam ${place.key} ${source.key}`}
            >
              {sources.length > 2 && `${source.name}: `}
              SAM {fixed(likeness.samDegrees, 2)}° · RMSE {significant(likeness.rmse)}
            </span>
          )
        );
      })}
    </li>
  );
}
