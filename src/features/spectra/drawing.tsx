import { PAPER_PALETTE } from '../../ui/chartPalette';
import { type Figure, figureOf } from '../../ui/exportFigure';
import { CAPTION_LINE, layoutOf } from './chartLayout';
import { type SpectraContent, settingsOf } from './exports';
import { coloursTellPlaces, linesOf, residualsOf } from './lines';
import { SpectraChart } from './SpectraChart';

const SIZE = { width: 900, height: 520 };

interface Axes {
  readonly limits: readonly [number, number];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly withResiduals: boolean;
}

/** The plot on white with a legend and a caption of settings. */
export function drawSpectra(content: SpectraContent, axes: Axes): Figure {
  const { places, sources, spectra } = content;
  const lines = linesOf(places, sources, spectra);
  const residuals = axes.withResiduals ? residualsOf(places, sources, spectra) : undefined;
  const dashed = sources.slice(1).map(({ name }) => name.toLowerCase());
  const legend = `Solid: ${sources[0]?.name.toLowerCase()}; dashed: ${dashed.join(', ')}`;
  const explained = coloursTellPlaces(places) && dashed.length > 0 ? [{ text: legend }] : [];
  const caption = [...explained, ...settingsOf(content)];
  const size = { width: SIZE.width, height: SIZE.height + 30 + caption.length * CAPTION_LINE };
  const layout = layoutOf({ ...SIZE, limits: axes.limits, lines, residuals });
  return figureOf(
    <SpectraChart
      {...size}
      {...{ layout, lines, caption }}
      residuals={residuals ?? []}
      xLabel={axes.xLabel}
      yLabel={axes.yLabel}
      palette={PAPER_PALETTE}
    />,
    size,
  );
}
