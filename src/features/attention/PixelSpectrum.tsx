import { useMemo } from 'react';
import type { ReadAttention } from '../../state/attention';
import { bandAxis, positionOf } from '../../state/bands';
import { useStudio } from '../../state/react';
import type { Pixel } from '../../state/view';
import { type Series, SpectrumPlot } from '../stage/SpectrumPlot';
import { PlotTabs } from './PlotTabs';
import { useSpectrum } from './useSpectrum';

/** The pixel under the pointer, else the pinned one, where inside the patch; else its middle. */
function usePatchPixel({ of }: ReadAttention): Pixel {
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const { x, y, width, height } = of.window;
  const inside = (pixel: Pixel) =>
    pixel.x >= x && pixel.y >= y && pixel.x < x + width && pixel.y < y + height;
  const chosen = [hovered, pinned].find((pixel) => pixel && inside(pixel));
  return chosen ?? { x: x + (width >> 1), y: y + (height >> 1) };
}

/** One pixel before coding, decoded, and decoded with the edits. */
export function PixelSpectrum({ read }: { read: ReadAttention }) {
  const info = useStudio((state) => state.cube?.info);
  const applied = useStudio((state) => state.attentionApplied);
  const edits = useStudio((state) => state.attentionEdits.bands);
  const pixel = usePatchPixel(read);
  const at = { x: pixel.x - read.of.window.x, y: pixel.y - read.of.window.y };
  const original = useSpectrum(read.of.cube, pixel);
  const plain = useSpectrum(read.reconstruction, at);
  const edited = useSpectrum(applied?.edited, at);
  const axis = useMemo(() => info && bandAxis(info), [info]);
  const xs = useMemo(() => axis?.nm ?? axis?.bands.map((band) => band + 1) ?? [], [axis]);
  const series = useMemo(() => {
    const coded = read.codedBands.map((band) => xs[band]);
    const lines: Series[] = [];
    if (original) lines.push({ name: 'original', colour: 'var(--original)', xs, values: original });
    if (plain) lines.push({ name: 'unedited', colour: 'var(--accent)', xs: coded, values: plain });
    if (edited) lines.push({ name: 'edited', colour: 'var(--red)', xs: coded, values: edited });
    return lines;
  }, [original, plain, edited, xs, read.codedBands]);
  if (!axis) return null;
  return (
    <section className="input-plot" aria-label="Spectrum of a pixel">
      <div className="input-plot__caption">
        <PlotTabs />
        <span>
          ({pixel.x}, {pixel.y})
        </span>
        {series.map(({ name, colour }) => (
          <span key={name} className="legend__item">
            <span className="legend__line" style={{ background: colour }} aria-hidden="true" />
            {name}
          </span>
        ))}
      </div>
      <SpectrumPlot
        series={series}
        limits={[Math.min(...xs), Math.max(...xs)]}
        xLabel={axis.nm ? 'nm' : 'band'}
        marks={edits.map(({ band }) => ({ x: xs[positionOf(axis, band)], colour: 'var(--red)' }))}
      />
    </section>
  );
}
