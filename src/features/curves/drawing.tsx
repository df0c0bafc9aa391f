import { PAPER_PALETTE } from '../../ui/chartPalette';
import { type Figure, figureOf, pngOf } from '../../ui/exportFigure';
import {
  captionHeight,
  RateDistortionChart,
  type RateDistortionChartProps,
} from '../../ui/RateDistortionChart';

type Content = Pick<RateDistortionChartProps, 'series' | 'x' | 'y' | 'references' | 'name'>;

const SIZE = { width: 900, height: 560 };

/** The chart on white with a caption. */
function draw(content: Content, caption: readonly string[]): Figure {
  const size = { width: SIZE.width, height: SIZE.height + captionHeight(caption.length) };
  return figureOf(
    <RateDistortionChart {...content} {...size} caption={caption} palette={PAPER_PALETTE} />,
    size,
  );
}

export function toSvg(content: Content, caption: readonly string[]): string {
  return draw(content, caption).svg;
}

export function toPng(
  content: Content,
  caption: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  return pngOf(draw(content, caption));
}
