import type { StudioState } from '../../state/store';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import type { Figure } from '../../ui/exportFigure';
import { type CaptionLine, sheetOf } from '../../ui/FigureSheet';
import { fixed, small } from '../../ui/format';
import { layerOf, type PictureCell, pictureGrid } from '../../ui/PictureGrid';
import { RateDistortionChart, type RateDistortionChartProps } from '../../ui/RateDistortionChart';
import { type CodecCurve, type CurvePoint, meanQuality, meanRate, typicalMember } from './points';

type Content = Pick<RateDistortionChartProps, 'series' | 'x' | 'y' | 'references' | 'name'>;
type Pictures = Pick<StudioState, 'pointPictures'>;

const SIZE = { width: 900, height: 540 };
const PICTURE = 180;

/** The chart on paper. */
export function drawCurves(content: Content, caption: readonly CaptionLine[]): Figure {
  const drawing = <RateDistortionChart {...content} {...SIZE} palette={PAPER_PALETTE} />;
  return sheetOf({ title: content.name, ...SIZE, drawing, caption });
}

/** The original, then every codec at its rates, a row each. */
export function drawMatrix(
  { pointPictures }: Pictures,
  curves: readonly CodecCurve[],
  caption: readonly CaptionLine[],
): Figure {
  const rows = curves
    .map(({ points }) => points.flatMap((point) => cellOf({ pointPictures }, point)))
    .filter((row) => row.length > 0);
  const [first] = curves.flatMap(({ points }) => points);
  const { original } = first ? pointPictures(typicalMember(first).id) : {};
  if (rows.length === 0 || !original) {
    throw new Error('There is no picture to be exported yet.');
  }
  const image = rows[0][0].image;
  const columns = Math.max(...rows.map((row) => row.length));
  const filled = (row: readonly PictureCell[]) =>
    Array.from({ length: columns }, (_, i) => row[i] ?? { title: '', image, layers: [] });
  const cells = [
    ...filled([{ title: 'Original', image, layers: [layerOf(original)] }]),
    ...rows.flatMap(filled),
  ];
  return sheetOf({
    title: 'Every codec at its rates',
    ...pictureGrid({ cells, columns, side: PICTURE }),
    caption,
  });
}

function cellOf({ pointPictures }: Pictures, point: CurvePoint): readonly PictureCell[] {
  const { reconstruction } = pointPictures(typicalMember(point).id);
  if (!reconstruction) return [];
  const { width, height, stride } = reconstruction;
  const psnr = fixed(meanQuality(point, 'psnr'), 2);
  return [
    {
      title: point.label,
      detail: `${psnr} dB, ${small(meanRate(point, 'bpp'))} bpp`,
      image: { width: width * stride, height: height * stride },
      layers: [layerOf(reconstruction)],
    },
  ];
}
