import { COLOUR_MAPS } from '../../core/cube/colourMaps';
import { useStudio, useStudioStore } from '../../state/react';
import { NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { gradientOf } from '../../ui/ColourBar';
import { Button, Select } from '../../ui/controls';
import { useSharedStretched } from '../compare/useStretched';
import { useShownAxis } from '../stage/axis';
import { BandSlider } from './BandSlider';
import { PercentileChoice } from './PercentileChoice';
import { PlayBar } from './PlayBar';
import { type Preset, presetChoices, presetOf, triplesOf } from './presets';
import { useHistogram } from './StretchHistogram';
import './view.css';

const CHANNELS = [
  { name: 'Red', colour: 'var(--red)' },
  { name: 'Green', colour: 'var(--green)' },
  { name: 'Blue', colour: 'var(--blue)' },
] as const;

const MAP_CHOICES = COLOUR_MAPS.map((map) => ({
  value: map,
  label: map[0].toUpperCase() + map.slice(1),
}));

/** Which bands are shown and how they are stretched. */
export function ViewPanel() {
  const mode = useStudio((state) => state.colourMode);
  const hasCube = useStudio((state) => state.cube !== undefined);
  if (!useShownAxis()) return null;
  return (
    <Panel title="View">
      <PresetChoice />
      {mode === 'colour' && <Channels />}
      {mode === 'grey' && <OneBand />}
      {mode === 'components' && (
        <p className="muted small">
          Red, green, blue: components 1, 2, 3 of the {hasCube ? 'original' : 'decoded image'}.
        </p>
      )}
      <SharedStretch />
    </Panel>
  );
}

/** Apart, for it follows every step of a band's slider. */
function SharedStretch() {
  const percentiles = useStudio((state) => state.percentiles);
  const setPercentiles = useStudio((state) => state.setPercentiles);
  const channels = useHistogram(useSharedStretched());
  return (
    <PercentileChoice
      label="Stretch"
      caption="Stretch"
      channels={channels}
      value={percentiles}
      onChange={setPercentiles}
    />
  );
}

function PresetChoice() {
  const store = useStudioStore();
  const shown = useShownAxis();
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const finding = useStudio((state) => state.findingComponents);
  const notice = useStudio((state) => state.componentsNotice);
  if (!shown) return null;
  const triples = triplesOf(shown.info, shown.axis);
  const { setRgbBands, setColourMode, showComponents, cancelComponents } = store.getState();
  const choose = (next: Preset) => {
    if (next === 'grey') setColourMode('grey');
    else if (next === 'components') showComponents();
    else {
      const triple = triples[next];
      if (triple) setRgbBands(triple);
    }
  };
  return (
    <>
      <Select
        label="Preset of bands"
        value={presetOf(mode, rgb, triples)}
        placeholder="Bands of your own"
        choices={presetChoices(shown.axis, triples)}
        onChange={choose}
      />
      {finding !== undefined && (
        <div className="finding">
          <ProgressBar done={finding} label="Finding the principal components" />
          <Button variant="quiet" onClick={cancelComponents}>
            Cancel
          </Button>
        </div>
      )}
      {notice && (
        <NoticeBox onClose={store.getState().dismissComponentsNotice}>{notice.message}</NoticeBox>
      )}
    </>
  );
}

function Channels() {
  const shown = useShownAxis();
  const rgb = useStudio((state) => state.rgbBands);
  const setRgb = useStudio((state) => state.setRgbBands);
  if (!shown) return null;
  return (
    <div className="channels">
      {CHANNELS.map(({ name, colour }, channel) => (
        <BandSlider
          key={name}
          name={name}
          colour={colour}
          axis={shown.axis}
          band={rgb[channel]}
          onChange={(band) => {
            const next: [number, number, number] = [...rgb];
            next[channel] = band;
            setRgb(next);
          }}
        />
      ))}
    </div>
  );
}

function OneBand() {
  const shown = useShownAxis();
  const grey = useStudio((state) => state.greyBand);
  const setGrey = useStudio((state) => state.setGreyBand);
  const map = useStudio((state) => state.colourMap);
  const setMap = useStudio((state) => state.setColourMap);
  if (!shown) return null;
  return (
    <>
      <div className="channels">
        <BandSlider
          name="Band"
          colour="var(--text-2)"
          axis={shown.axis}
          band={grey}
          onChange={setGrey}
        />
      </div>
      <PlayBar />
      <div className="row">
        <span className="colours" style={{ background: gradientOf(map) }} aria-hidden="true" />
        <Select label="Colour map" value={map} choices={MAP_CHOICES} onChange={setMap} />
      </div>
    </>
  );
}
