import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitZoom,
  panBy,
  pixelAt,
  place,
  stepZoom,
  windowBetween,
  ZOOM_LEVELS,
  zoomAt,
  zoomLabel,
} from './camera';
import { linePath, project, roundLimits, spectralAngle, tickLabels, ticks } from './plot';

const side = fc.integer({ min: 8, max: 5000 });
const size = fc.record({ width: side, height: side });

describe('camera', () => {
  it('fits with whole-number zoom', () => {
    expect(fitZoom({ width: 96, height: 96 }, { width: 400, height: 500 })).toBe(4);
    expect(fitZoom({ width: 2000, height: 1000 }, { width: 800, height: 600 })).toBe(1 / 3);
    expect(zoomLabel(1 / 3)).toBe('1:3');
    expect(zoomLabel(4)).toBe('4×');
  });

  it('keeps the pixel under the pointer when zooming', () => {
    const level = fc.constantFrom(...ZOOM_LEVELS.filter((zoom) => zoom >= 1));
    fc.assert(
      fc.property(
        level,
        fc.integer({ min: 0, max: 399 }),
        fc.integer({ min: 0, max: 299 }),
        (zoom, x, y) => {
          const [image, pane] = [
            { width: 300, height: 300 },
            { width: 400, height: 300 },
          ];
          const before = place({ zoom: 2 }, image, pane);
          const after = place(zoomAt(before, zoom, { x, y }, pane), image, pane);
          const under = (at: typeof before) => (x - at.left) / at.zoom;
          expect(under(after)).toBeCloseTo(under(before), -Math.log10(1.01 / zoom));
        },
      ),
    );
  });

  it('keeps the image in reach when panning', () => {
    fc.assert(
      fc.property(size, size, fc.integer(), fc.integer(), (image, pane, dx, dy) => {
        const camera = panBy(place({ zoom: 'fit' }, image, pane), dx, dy, image, pane);
        expect(camera.center?.x).toBeGreaterThanOrEqual(0);
        expect(camera.center?.x).toBeLessThanOrEqual(image.width);
        expect(camera.center?.y).toBeGreaterThanOrEqual(0);
        expect(camera.center?.y).toBeLessThanOrEqual(image.height);
      }),
    );
  });

  it('steps through the levels and stops at the ends', () => {
    expect(stepZoom(1, 1)).toBe(2);
    expect(stepZoom(1, -1)).toBe(1 / 2);
    expect(stepZoom(ZOOM_LEVELS[0], -1)).toBe(ZOOM_LEVELS[0]);
  });

  it('cuts rectangles to the image, whichever way they are drawn', () => {
    const point = fc.record({
      x: fc.integer({ min: -50, max: 450 }),
      y: fc.integer({ min: -50, max: 350 }),
    });
    const image = { width: 60, height: 40 };
    const placement = { zoom: 5, left: 20, top: 30 };
    fc.assert(
      fc.property(point, point, (a, b) => {
        const region = windowBetween(placement, a, b, image);
        expect(region).toEqual(windowBetween(placement, b, a, image));
        expect(Math.min(region.x, region.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(region.width, region.height)).toBeGreaterThanOrEqual(1);
        expect(region.x + region.width).toBeLessThanOrEqual(image.width);
        expect(region.y + region.height).toBeLessThanOrEqual(image.height);
        const inside = pixelAt(placement, a, image);
        if (inside) {
          expect(inside.x).toBeGreaterThanOrEqual(region.x);
          expect(inside.x).toBeLessThan(region.x + region.width);
        }
      }),
    );
  });

  it('finds pixels, and none beside the image', () => {
    const placement = { zoom: 4, left: 10, top: 20 };
    const image = { width: 5, height: 5 };
    expect(pixelAt(placement, { x: 13, y: 24 }, image)).toEqual({ x: 0, y: 1 });
    expect(pixelAt(placement, { x: 9, y: 24 }, image)).toBeUndefined();
    expect(pixelAt(placement, { x: 30, y: 24 }, image)).toBeUndefined();
  });
});

describe('plot', () => {
  it('ticks are round and inside', () => {
    expect(ticks(402, 998, 6)).toEqual([500, 600, 700, 800, 900]);
    expect(ticks(0, 1, 5)).toHaveLength(6);
    expect(tickLabels([2, 2.5, 3])).toEqual(['2.0', '2.5', '3.0']);
    expect(tickLabels([0, 2000, 4000])).toEqual(['0', '2,000', '4,000']);
  });

  it('limits hold what is common, and all where nothing sticks out', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: 100, max: 190 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const [low, high] = roundLimits([...values, Number.NaN]);
        expect(low).toBeLessThan(high);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(low - 1e-6);
        expect(Math.max(...values)).toBeLessThanOrEqual(high + 1e-6);
      }),
    );
    expect(roundLimits([Number.NaN])).toEqual([0, 1]);
    const spectrum = Array.from({ length: 200 }, (_, band) => (band === 150 ? 15_000 : band));
    expect(roundLimits(spectrum)[1]).toBeLessThan(300);
  });

  it('lines break where a value is missing', () => {
    const scale = { low: 0, high: 10, from: 0, to: 100 };
    expect(project(scale, 5)).toBe(50);
    expect(linePath([0, 1, 2, 3], [1, Number.NaN, 3, 4], scale, scale)).toBe(
      'M0.0 10.0M20.0 30.0L30.0 40.0',
    );
  });

  it('breaks the line where bands were left out, not where steps vary a little', () => {
    const scale = { low: 0, high: 100, from: 0, to: 100 };
    const path = linePath([0, 10, 21, 30, 80, 90], [1, 1, 1, 1, 1, 1], scale, scale);
    expect(path.split('M').slice(1)).toEqual([
      '0.0 1.0L10.0 1.0L21.0 1.0L30.0 1.0',
      '80.0 1.0L90.0 1.0',
    ]);
    expect(linePath([0, 50], [1, 1], scale, scale)).toBe('M0.0 1.0L50.0 1.0');
  });

  it('spectral angle is zero for a scaled spectrum and leaves gaps out', () => {
    expect(spectralAngle([1, 2, 3], [2, 4, 6])).toBeCloseTo(0, 5);
    expect(spectralAngle([1, 0, Number.NaN], [0, 1, 5])).toBeCloseTo(90);
  });
});
