import { useMemo } from 'react';
import type { ReadAttention } from '../../state/attention';
import { bandAxis, positionOf } from '../../state/bands';
import { useStudio, useStudioStore } from '../../state/react';
import type { Pixel } from '../../state/view';
import { ACCENT, ORIGINAL, RED } from '../../ui/chartPalette';
import type { Shades } from '../../ui/codecStyle';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports } from '../../ui/exports';
import { LineMark } from '../../ui/LineMark';
import { captionOf } from '../figureCaption';
import { SpectraPlot } from '../spectra/SpectraPlot';
import { readTexts } from './captions';
import { attentionBase } from './exports';
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
  const store = useStudioStore();
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
  const lines = useMemo(() => {
    const coded = read.codedBands.map((band) => xs[band]);
    const line = (key: string, shades: Shades, at: readonly number[], values?: Float32Array) =>
      values ? [{ key, name: key, shades, xs: at, values }] : [];
    return [
      ...line('original', ORIGINAL, xs, original),
      ...line('unedited', ACCENT, coded, plain),
      ...line('edited', RED, coded, edited),
    ];
  }, [original, plain, edited, xs, read.codedBands]);
  if (!axis) return null;
  const where = `(${pixel.x}, ${pixel.y})`;
  const chart = {
    lines,
    limits: [Math.min(...xs), Math.max(...xs)] as const,
    xLabel: axis.nm ? 'nm' : 'band',
  };
  const draw = async () => {
    const { drawSpectra, legendOf } = await import('../spectra/drawing');
    return drawSpectra({
      title: `Spectrum of the pixel ${where}`,
      caption: [...legendOf(lines), ...captionOf(...readTexts(store.getState(), read))],
      ...chart,
      yLabel: info?.units ?? '',
    });
  };
  return (
    <section className="input-plot" aria-label="Spectrum of a pixel">
      <div className="input-plot__caption">
        <PlotTabs />
        <span>{where}</span>
        {lines.map(({ name, shades }) => (
          <span key={name} className="legend__item">
            <LineMark colour={shades} />
            {name}
          </span>
        ))}
        <ExportMenu
          what="the spectrum"
          testId="export-pixel"
          variant="quiet"
          className="spectrum__button"
          disabled={lines.length === 0}
          choices={figureExports(`${attentionBase(read)}_pixel`, draw)}
        />
      </div>
      <SpectraPlot
        {...chart}
        label="Spectra of the pixel"
        marks={edits.map(({ band }) => ({ x: xs[positionOf(axis, band)], shades: RED }))}
      />
    </section>
  );
}
