import { type BandAxis, positionOf } from '../../state/bands';
import { fixed, significant } from '../../ui/format';
import { spectralAngle } from './plot';
import type { PixelSpectra } from './usePixelSpectra';

export interface BandMark {
  readonly band: number;
  readonly colour: string;
}

interface ReadoutProps {
  readonly spectra: PixelSpectra;
  readonly axis: BandAxis;
  readonly marks: readonly BandMark[];
}

const NAMES = { hover: 'Pixel', pin: 'Pinned', middle: 'Centre' };

/** Where the pixel is, its values at the bands of the picture, and the angle between spectra. */
export function Readout({ spectra, axis, marks }: ReadoutProps) {
  const { pixel, chosenBy, original, decoded, restored } = spectra;
  if (!pixel) return <div className="readout muted">Point at a pixel for its spectrum.</div>;
  const same = original && decoded?.codedBands.map((band) => original[band]);
  return (
    <div className="readout">
      <span className="readout__pixel" data-testid="pixel">
        {NAMES[chosenBy]} ({pixel.x}, {pixel.y})
      </span>
      {marks.map(({ band, colour }) => {
        const position = positionOf(axis, band);
        const values = [original?.[axis.bands[position]], restored?.[position]];
        const known = values.filter((value) => value !== undefined);
        return (
          known.length > 0 && (
            <span key={colour} className="readout__value">
              <span className="readout__dot" style={{ background: colour }} aria-hidden="true" />
              {known.map((value) => significant(value)).join(' → ')}
            </span>
          )
        );
      })}
      {same && restored && (
        <span className="readout__value">angle {fixed(spectralAngle(same, restored), 2)}°</span>
      )}
      <span className="legend">
        {original && <LegendItem name="Original" colour="var(--original)" />}
        {restored && <LegendItem name="Reconstruction" colour="var(--accent)" />}
      </span>
    </div>
  );
}

function LegendItem({ name, colour }: { name: string; colour: string }) {
  return (
    <span className="legend__item">
      <span className="legend__line" style={{ background: colour }} aria-hidden="true" />
      {name}
    </span>
  );
}
