import { type ChartPalette, NEUTRAL, RED } from '../../ui/chartPalette';
import { BandAxis, ValueAxis } from '../stage/ChartAxes';
import { linePath, project, type Scale } from '../stage/plot';
import type { InputBandContent } from './inputBands';

const MARGIN = { left: 58, right: 14, top: 10, bottom: 26 };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The axis of bands in CSS pixels. */
export function bandScale({ xs }: Pick<InputBandContent, 'xs'>, { width }: Size): Scale {
  return { low: xs[0], high: xs[xs.length - 1], from: MARGIN.left, to: width - MARGIN.right };
}

interface InputBandChartProps extends Size {
  readonly content: InputBandContent;
  readonly palette: ChartPalette;
  /** Bands that are marked. */
  readonly marks?: readonly number[];
  readonly cursor?: number;
}

/** Gates of the input bands over the patch's mean spectrum: pure SVG, on the page and on paper. */
export function InputBandChart(props: InputBandChartProps) {
  const { content, palette, width, height, marks = [], cursor } = props;
  const { xs, xLabel, lines, mean, limits } = content;
  const x = bandScale(content, props);
  const y: Scale = {
    low: limits[0],
    high: limits[1],
    from: height - MARGIN.bottom,
    to: MARGIN.top,
  };
  const spectrum: Scale = { ...y, low: Math.min(0, ...mean), high: 1.1 * Math.max(...mean) };
  const upright = (band: number) => ({
    x1: project(x, xs[band]),
    x2: project(x, xs[band]),
    y1: y.to,
    y2: y.from,
  });
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      role="img"
      aria-label="Gates of the input bands against wavelength"
      style={{ fontSize: palette.fontSize }}
    >
      <ValueAxis x={x} y={y} palette={palette} gap={30} valued />
      <BandAxis x={x} baseline={y.from + 18} label={xLabel} palette={palette} />
      <path
        d={linePath(xs, mean, x, spectrum)}
        fill="none"
        stroke={palette.shade(NEUTRAL)}
        strokeOpacity={0.7}
      />
      {marks.map((band) => (
        <line key={band} {...upright(band)} stroke={palette.shade(RED)} strokeDasharray="2 3" />
      ))}
      {cursor !== undefined && <line {...upright(cursor)} stroke={palette.line} />}
      {lines.map(({ name, shades, values, dash }) => (
        <path
          key={name}
          d={linePath(xs, values, x, y)}
          fill="none"
          stroke={palette.shade(shades)}
          strokeWidth={1.5}
          strokeDasharray={dash}
          strokeLinejoin="round"
        />
      ))}
    </svg>
  );
}
