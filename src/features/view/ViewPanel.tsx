import {
  type BandTriple,
  bandLabel,
  colourInfrared,
  positionOf,
  trueColour,
} from '../../state/bands';
import { useStudio } from '../../state/react';
import { STRETCHES } from '../../state/view';
import { Field, Panel } from '../../ui/blocks';
import { Segmented, Select, Slider } from '../../ui/controls';
import { useShownAxis } from '../stage/axis';
import './view.css';

const CHANNELS = [
  { name: 'Red', colour: 'var(--red)' },
  { name: 'Green', colour: 'var(--green)' },
  { name: 'Blue', colour: 'var(--blue)' },
] as const;

type Preset = 'true' | 'infrared' | 'grey';

const same = (a: BandTriple, b: BandTriple | undefined) => b?.every((band, i) => band === a[i]);

/** Which bands are shown and how they are stretched. */
export function ViewPanel() {
  const shown = useShownAxis();
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const percentiles = useStudio((state) => state.percentiles);
  const setRgb = useStudio((state) => state.setRgbBands);
  const setGrey = useStudio((state) => state.setGreyBand);
  const setPercentiles = useStudio((state) => state.setPercentiles);
  if (!shown) return null;
  const { info, axis } = shown;
  const first = trueColour(info, axis);
  const infrared = colourInfrared(axis);
  const preset: Preset | undefined =
    mode === 'grey'
      ? 'grey'
      : same(rgb, first)
        ? 'true'
        : same(rgb, infrared)
          ? 'infrared'
          : undefined;
  const choose = (next: Preset) => {
    if (next === 'grey') setGrey(grey);
    else setRgb(next === 'infrared' && infrared ? infrared : first);
  };
  const slider = (name: string, colour: string, band: number, change: (band: number) => void) => (
    <Field key={name} label={name} value={bandLabel(axis, band)}>
      <Slider
        label={`${name} band`}
        colour={colour}
        value={positionOf(axis, band)}
        min={0}
        max={Math.max(1, axis.bands.length - 1)}
        step={1}
        valueText={bandLabel(axis, band)}
        disabled={axis.bands.length < 2}
        onChange={(position) => change(axis.bands[position])}
      />
    </Field>
  );

  return (
    <Panel title="View">
      <Segmented
        label="Preset of bands"
        value={preset}
        choices={[
          { value: 'true', label: axis.nm ? 'True colour' : 'Colour' },
          { value: 'infrared', label: 'Infrared', disabled: !infrared },
          { value: 'grey', label: 'One band' },
        ]}
        onChange={choose}
      />
      <div className="channels">
        {mode === 'grey'
          ? slider('Band', 'var(--text-2)', grey, setGrey)
          : CHANNELS.map(({ name, colour }, channel) =>
              slider(name, colour, rgb[channel], (band) => {
                const next: [number, number, number] = [...rgb];
                next[channel] = band;
                setRgb(next);
              }),
            )}
      </div>
      <div className="row">
        <span className="muted small">Stretch</span>
        <Select
          label="Stretch"
          value={percentiles.join('-')}
          choices={STRETCHES.map(({ label, percents }) => ({ value: percents.join('-'), label }))}
          onChange={(value) => {
            const found = STRETCHES.find(({ percents }) => percents.join('-') === value);
            if (found) setPercentiles(found.percents);
          }}
        />
      </div>
    </Panel>
  );
}
