import { useMemo } from 'react';
import { positionOf } from '../../state/bands';
import { useStudio } from '../../state/react';
import { fixed, significant } from '../../ui/format';
import { useShownAxis } from './axis';
import { spectralAngle } from './plot';
import { type Series, SpectrumPlot } from './SpectrumPlot';
import { useSpectrum } from './useSpectrum';

const CHANNELS = ['var(--red)', 'var(--green)', 'var(--blue)'];

/** The original's and the decoded spectrum of the pixel under the cursor, else of the pinned one. */
export function SpectrumStrip() {
  const shown = useShownAxis();
  const cube = useStudio((state) => state.cube);
  const result = useStudio((state) => state.result);
  const stage = useStudio((state) => state.stage);
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const pixel = hovered ?? pinned;

  const comparing = stage === 'compare' || !cube;
  const compared = result?.original?.cube === cube?.id;
  const decoded = comparing ? result?.reconstruction : undefined;
  const origin = result?.original?.window ?? { x: 0, y: 0 };
  const onOriginal = cube && (!decoded || compared) ? cube.id : undefined;
  const inside = useMemo(() => {
    if (!decoded || !pixel) return undefined;
    const at = { x: pixel.x - origin.x, y: pixel.y - origin.y };
    const { width, height } = decoded.info;
    return at.x >= 0 && at.y >= 0 && at.x < width && at.y < height ? at : undefined;
  }, [decoded, pixel, origin.x, origin.y]);
  const original = useSpectrum(onOriginal, pixel);
  const restored = useSpectrum(decoded?.id, inside);

  const series = useMemo(() => {
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
  }, [original, restored, cube, decoded]);

  if (!shown) return null;
  const { axis } = shown;
  const at = axis.nm ?? axis.bands.map((band) => band + 1);
  const limits = [Math.min(...at), Math.max(...at)] as const;
  const chosen = mode === 'grey' ? [grey] : rgb;
  const marks = chosen.map((band, channel) => ({
    x: at[positionOf(axis, band)],
    colour: mode === 'grey' ? 'var(--line-strong)' : CHANNELS[channel],
  }));
  const picked = original && decoded && restored && decoded.codedBands.map((b) => original[b]);

  return (
    <section className="spectrum" aria-label="Spectrum of a pixel">
      <div className="readout">
        {pixel ? (
          <span className="readout__pixel" data-testid="pixel">
            {hovered ? 'Pixel' : 'Pinned'} ({pixel.x}, {pixel.y})
          </span>
        ) : (
          <span className="muted">Point at a pixel for its spectrum; click to pin it.</span>
        )}
        {pixel &&
          chosen.map((band, channel) => {
            const position = positionOf(axis, band);
            const values = [original?.[axis.bands[position]], restored?.[position]];
            const known = values.filter((value) => value !== undefined);
            return (
              known.length > 0 && (
                <span key={marks[channel].colour} className="readout__value">
                  <span
                    className="readout__dot"
                    style={{ background: marks[channel].colour }}
                    aria-hidden="true"
                  />
                  {known.map((value) => significant(value)).join(' → ')}
                </span>
              )
            );
          })}
        {picked && restored && (
          <span className="readout__value">angle {fixed(spectralAngle(picked, restored), 2)}°</span>
        )}
        {series.length > 0 && (
          <span className="legend">
            {series.map(({ name, colour }) => (
              <span key={name} className="legend__item">
                <span className="legend__line" style={{ background: colour }} aria-hidden="true" />
                {name}
              </span>
            ))}
          </span>
        )}
      </div>
      <SpectrumPlot
        series={series}
        limits={limits[0] < limits[1] ? limits : [limits[0] - 0.5, limits[1] + 0.5]}
        xLabel={axis.nm ? 'nm' : 'band'}
        marks={marks}
      />
    </section>
  );
}
