import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import {
  type ChartAxis,
  layoutChart,
  linearDomain,
  logDomain,
  neighbour,
  spread,
} from './chartLayout';
import { PAPER_PALETTE } from './chartPalette';
import { codecStyle } from './codecStyle';
import {
  type ChartSeries,
  RateDistortionChart,
  type RateDistortionChartProps,
} from './RateDistortionChart';

const X: ChartAxis = { label: 'Rate, bpp', scale: 'linear', domain: [0, 1.2] };
const Y: ChartAxis = { label: 'PSNR, dB', scale: 'linear', domain: [20, 35] };

function curve(id: string, ...places: readonly (readonly [number, number])[]): ChartSeries {
  return {
    id,
    label: id,
    style: codecStyle(id),
    points: places.map(([x, y], i) => ({ key: `${id} ${i}`, x, y, name: `${id}, ${x} bpp` })),
  };
}

const SE = curve('hific-se', [0.2, 22], [0.6, 27], [1, 30]);
const KLT = curve('klt-jpeg2000', [0.2, 24], [0.6, 28], [1, 31]);

function drawn(parts: Partial<RateDistortionChartProps>): string {
  const props = { series: [SE, KLT], x: X, y: Y, width: 800, height: 500, name: 'Curves' };
  return renderToStaticMarkup(
    <RateDistortionChart palette={PAPER_PALETTE} {...props} {...parts} />,
  );
}

describe('rate–distortion chart', () => {
  it('draws axes with units, a curve and its points a codec, without a style sheet', () => {
    const svg = drawn({});
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(svg).toContain('Rate, bpp');
    expect(svg).toContain('PSNR, dB');
    expect(svg.match(/<title>/g)).toHaveLength(6);
    expect(svg.match(/stroke-width="2"/g)).toHaveLength(2);
    expect(svg).toContain('klt-jpeg2000');
    expect(svg).not.toMatch(/var\(|class=|light-dark/);
  });

  it('draws empty axes, and a single point without a line', () => {
    expect(drawn({ series: [] })).toContain('Rate, bpp');
    const single = drawn({ series: [curve('lossless', [0.8, 33])] });
    expect(single.match(/<title>/g)).toHaveLength(1);
    expect(single).not.toContain('stroke-width="2"');
  });

  it('gives infinite PSNR a line of its own and rates beyond the axis an arrow', () => {
    const svg = drawn({ series: [SE, curve('lossless', [1312, Number.POSITIVE_INFINITY])] });
    expect(svg).toContain('∞');
    expect(svg).toContain('1,312 →');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('marks published figures: hollow, or a dashed line where their rate is unknown', () => {
    const references = [
      { id: 'a', label: 'Theirs', x: 0.443, y: 34 },
      { id: 'b', label: 'No rate', y: 30.89 },
    ];
    const svg = drawn({ references });
    expect(svg).toContain('Theirs');
    expect(svg).toContain('stroke-dasharray="6 4"');
  });
});

describe('axes of the chart', () => {
  it('end on round values', () => {
    expect(linearDomain([22.4, 30.1], { step: 5 })).toEqual([20, 35]);
    expect(linearDomain([0.97, 0.9991], { step: 0.05, within: [0, 1] })).toEqual([0.95, 1]);
    expect(linearDomain([1.3, 7.2], { zero: true })[0]).toBe(0);
    expect(linearDomain([], {})).toEqual([0, 1]);
    expect(logDomain([0.194, 1.03])).toEqual([0.15, 1.5]);
    expect(logDomain([0.21, 14])).toEqual([0.2, 15]);
    expect(logDomain([1])).toEqual([0.5, 2]);
    expect(logDomain([])).toEqual([0.1, 1]);
  });

  it('number their ticks without repeating themselves', () => {
    for (const x of [X, { ...X, scale: 'log', domain: [0.05, 5000] } as const]) {
      const labels = layoutChart(x, Y, { width: 700, height: 400 })
        .xTicks.map(({ label }) => label)
        .filter((label) => label !== '');
      expect(labels.length).toBeGreaterThan(2);
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it('move labels apart and keep their order', () => {
    const placed = spread([50, 52, 10, 51], 17, [0, 60]);
    const order = [2, 0, 3, 1];
    for (let i = 1; i < order.length; i++) {
      expect(placed[order[i]] - placed[order[i - 1]]).toBeGreaterThanOrEqual(17 - 1e-9);
    }
    expect(Math.max(...placed)).toBeLessThanOrEqual(60);
  });
});

describe('arrow keys', () => {
  it('lead along a curve and to the nearest one above or below', () => {
    const layout = layoutChart(X, Y, { width: 800, height: 500 });
    const to = (key: string, arrow: string) => neighbour([SE, KLT], layout, key, arrow);
    expect(to('hific-se 1', 'ArrowRight')).toBe('hific-se 2');
    expect(to('hific-se 2', 'ArrowRight')).toBeUndefined();
    expect(to('hific-se 1', 'ArrowUp')).toBe('klt-jpeg2000 1');
    expect(to('hific-se 1', 'ArrowDown')).toBeUndefined();
    expect(to('klt-jpeg2000 0', 'ArrowDown')).toBe('hific-se 0');
  });
});
