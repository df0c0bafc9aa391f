import { useMemo } from 'react';
import { baseName } from '../../core/fileNames';
import { bandAxis, placesOf, positionOf } from '../../state/bands';
import { useStudio, useStudioStore } from '../../state/react';
import { BLUE, GREEN, NEUTRAL, RED } from '../../ui/chartPalette';
import { Button } from '../../ui/controls';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports, tableExport } from '../../ui/exports';
import { captionOf } from '../figureCaption';
import { useShownAxis } from '../stage/axis';
import { shadedRuns } from '../stage/plot';
import { settingsOf, toCsv } from './exports';
import { linesOf, residualsOf } from './lines';
import { MarkList } from './MarkList';
import { usePlaces } from './places';
import { type BandMark, Legend, Readout } from './Readout';
import { SpectraPlot } from './SpectraPlot';
import { useSpectrumSources } from './sources';
import './spectra.css';
import { useSpectra } from './useSpectra';

const CHANNELS = [RED, GREEN, BLUE];

/** The bands that the picture shows, in the colours of their channels. */
function useBandMarks(): readonly BandMark[] {
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  return useMemo(() => {
    if (mode === 'components') return [];
    return mode === 'grey'
      ? [{ band: grey, shades: NEUTRAL }]
      : rgb.map((band, channel) => ({ band, shades: CHANNELS[channel] }));
  }, [mode, rgb, grey]);
}

/** Where the bands lie that are left out of coding, or that the file marks as bad. */
function useShadedBands() {
  const info = useStudio((state) => state.cube?.info);
  return useMemo(() => {
    if (!info) return [];
    const { leftOutBands, badBands = [] } = info;
    return shadedRuns(placesOf(bandAxis(info)), leftOutBands?.length ? leftOutBands : badBands);
  }, [info]);
}

/** Spectra of the pixel under the cursor, of pins and of regions, in all images on the stage. */
export function SpectrumStrip() {
  const shown = useShownAxis();
  const sources = useSpectrumSources();
  const places = usePlaces(sources);
  const spectra = useSpectra(places, sources);
  const marks = useBandMarks();
  const shaded = useShadedBands();
  const withResiduals =
    useStudio((state) => state.residuals) && sources.some(({ role }) => role === 'reconstruction');
  const lines = useMemo(() => linesOf(places, sources, spectra), [places, sources, spectra]);
  const residuals = useMemo(
    () => (withResiduals ? residualsOf(places, sources, spectra) : undefined),
    [withResiduals, places, sources, spectra],
  );
  if (!shown) return null;
  const { axis } = shown;
  const at = placesOf(axis);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  const axes = {
    limits: low < high ? ([low, high] as const) : ([low - 0.5, high + 0.5] as const),
    xLabel: axis.nm ? 'nm' : 'band',
    yLabel: sources.find((source) => source.info.units)?.info.units ?? '',
  };
  const marked = places.filter((place) => place.marked);

  const content = { places: marked.length > 0 ? marked : places, sources, spectra };
  const base = `${baseName((sources[0] ?? shown).info.name)}_spectra`;
  const draw = async () => {
    const { drawSpectra } = await import('./drawing');
    return drawSpectra({
      title: 'Spectra',
      caption: [...settingsOf(content), ...captionOf()],
      ...axes,
      lines: linesOf(content.places, sources, spectra),
      residuals: withResiduals ? residualsOf(content.places, sources, spectra) : undefined,
    });
  };

  return (
    <section
      className={`spectrum${withResiduals ? ' spectrum--tall' : ''}`}
      aria-label="Spectra of pixels and regions"
    >
      <div className="spectrum__head">
        <div className="readout">
          <Readout {...{ places, sources, spectra, axis, marks }} />
        </div>
        <div className="spectrum__tools">
          <Legend places={places} sources={sources} />
          <StripButtons />
          <ExportMenu
            what="the spectra"
            testId="export-spectra"
            variant="quiet"
            className="spectrum__button"
            disabled={lines.length === 0}
            choices={[
              tableExport(base, 'one row a band, all values', () => toCsv(content)),
              ...figureExports(base, draw),
            ]}
          />
        </div>
      </div>
      <div className={`spectrum__body${marked.length > 0 ? ' spectrum__body--marked' : ''}`}>
        {marked.length > 0 && <MarkList {...{ places, sources, spectra }} />}
        <SpectraPlot
          {...axes}
          {...{ lines, residuals, shaded }}
          marks={marks.map(({ band, shades }) => ({ x: at[positionOf(axis, band)], shades }))}
        />
      </div>
    </section>
  );
}

function StripButtons() {
  const store = useStudioStore();
  const residuals = useStudio((state) => state.residuals);
  const restored = useStudio(
    (state) => state.stage === 'compare' && state.panes.some(({ result }) => result),
  );
  const marked = useStudio((state) => state.pins.length + state.regions.length > 0);
  const drawing = useStudio((state) => state.drawing !== undefined);
  const { setResiduals, clearMarks, startPolygon, cancelPolygon } = store.getState();
  return (
    <>
      <Button
        variant="quiet"
        className="spectrum__button"
        aria-label="Draw a polygon"
        aria-pressed={drawing}
        title="A region of any shape (L)"
        data-testid="draw-polygon"
        onClick={drawing ? cancelPolygon : startPolygon}
      >
        Polygon
      </Button>
      {marked && (
        <Button variant="quiet" className="spectrum__button" onClick={clearMarks}>
          Clear
        </Button>
      )}
      {restored && (
        <Button
          variant="quiet"
          className="spectrum__button"
          aria-pressed={residuals}
          onClick={() => setResiduals(!residuals)}
        >
          Residuals
        </Button>
      )}
    </>
  );
}
