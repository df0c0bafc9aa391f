import { useMemo } from 'react';
import { positionOf } from '../../state/bands';
import { useStudio } from '../../state/react';
import { useShownAxis } from './axis';
import { type BandMark, Readout } from './Readout';
import { type Series, SpectrumPlot } from './SpectrumPlot';
import { type PixelSpectra, usePixelSpectra } from './usePixelSpectra';

const CHANNELS = ['var(--red)', 'var(--green)', 'var(--blue)'];

function useSeries({ cube, original, decoded, restored }: PixelSpectra): readonly Series[] {
  return useMemo(() => {
    const numbers = (bands: readonly number[]) => bands.map((band) => band + 1);
    const list: Series[] = [];
    if (original && cube) {
      const { wavelengthsNm, bands } = cube.info;
      const xs = wavelengthsNm ?? numbers([...Array(bands).keys()]);
      list.push({ name: 'Original', colour: 'var(--original)', xs, values: original });
    }
    if (restored && decoded) {
      const xs = decoded.info.wavelengthsNm ?? numbers(decoded.codedBands);
      list.push({ name: 'Reconstruction', colour: 'var(--accent)', xs, values: restored });
    }
    return list;
  }, [cube, original, decoded, restored]);
}

/** The bands that the picture shows, in the colours of their channels. */
function useBandMarks(): readonly BandMark[] {
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  return useMemo(
    () =>
      mode === 'grey'
        ? [{ band: grey, colour: 'var(--line-strong)' }]
        : rgb.map((band, channel) => ({ band, colour: CHANNELS[channel] })),
    [mode, rgb, grey],
  );
}

/** Original and decoded spectrum of one pixel, with its values. */
export function SpectrumStrip() {
  const shown = useShownAxis();
  const spectra = usePixelSpectra();
  const series = useSeries(spectra);
  const marks = useBandMarks();
  if (!shown) return null;
  const { axis } = shown;
  const at = axis.nm ?? axis.bands.map((band) => band + 1);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  return (
    <section className="spectrum" aria-label="Spectrum of a pixel">
      <Readout spectra={spectra} axis={axis} marks={marks} />
      <SpectrumPlot
        series={series}
        limits={low < high ? [low, high] : [low - 0.5, high + 0.5]}
        xLabel={axis.nm ? 'nm' : 'band'}
        marks={marks.map(({ band, colour }) => ({ x: at[positionOf(axis, band)], colour }))}
      />
    </section>
  );
}
