import { useMemo } from 'react';
import {
  type BandAxis,
  bandAt,
  bandBeside,
  bandLabel,
  placesOf,
  positionOf,
} from '../../state/bands';
import { gapsOf } from '../../ui/bandGaps';
import { Slider } from '../../ui/controls';
import { NumberEntry } from '../../ui/NumberEntry';

interface BandSliderProps {
  readonly name: string;
  readonly colour: string;
  readonly axis: BandAxis;
  readonly band: number;
  onChange(band: number): void;
}

/** One band on the axis of wavelengths: dragged, stepped band by band, or typed in. */
export function BandSlider({ name, colour, axis, band, onChange }: BandSliderProps) {
  const places = placesOf(axis);
  const [low, high, gaps] = useMemo(
    () => [Math.min(...places), Math.max(...places), gapsOf(places)] as const,
    [places],
  );
  const position = positionOf(axis, band);
  const place = places[position];
  const change = (next: number) => next !== band && onChange(next);
  return (
    <div className="band">
      <span className="band__name">{name}</span>
      <Slider
        label={`${name} band`}
        colour={colour}
        value={place}
        min={low}
        max={high > low ? high : low + 1}
        step={axis.nm ? 0.01 : 1}
        valueText={bandLabel(axis, band)}
        disabled={axis.bands.length < 2}
        gaps={gaps}
        position={position}
        onChange={(at) => change(bandAt(axis, at))}
        onStep={(steps) => change(bandBeside(axis, band, steps))}
      />
      <NumberEntry
        label={axis.nm ? `${name}, wavelength in nm` : `${name}, band number`}
        text={bandLabel(axis, band)}
        value={axis.nm ? place.toFixed(1) : String(place)}
        disabled={axis.bands.length < 2}
        onCommit={(at) => {
          change(bandAt(axis, at));
          return true;
        }}
      />
    </div>
  );
}
