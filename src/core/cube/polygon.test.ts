import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertArea,
  boundsOf,
  type Corner,
  holdsPixel,
  insideSpans,
  movedArea,
  pixelsInside,
} from './polygon';

const SIDE = 12;
const coordinate = fc.integer({ min: 0, max: SIDE });
const corner = fc.record({ x: coordinate, y: coordinate });
const polygon = fc.array(corner, { minLength: 3, maxLength: 8 });

/** Every pixel of the square, from a polygon's spans. */
function mask(corners: readonly Corner[]): string {
  const rows = Array.from({ length: SIDE }, (_, y) => {
    const spans = insideSpans(corners, y);
    return Array.from({ length: SIDE }, (_, x) =>
      spans.some(([from, to]) => x >= from && x < to) ? '#' : '.',
    ).join('');
  });
  return rows.join('\n');
}

/** Even-odd by the textbook: edges that a ray from the centre to the right crosses, in integers. */
function isInside(corners: readonly Corner[], x: number, y: number): boolean {
  // Twice the coordinates: centres are whole.
  const [px, py] = [2 * x + 1, 2 * y + 1];
  let inside = false;
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length];
    const [low, high] = a.y < b.y ? [a, b] : [b, a];
    if (2 * low.y > py || 2 * high.y < py || low.y === high.y) continue;
    // Right of the centre, the edge at its height is; on it, the centre counts as right of the edge.
    const side =
      (2 * high.x - 2 * low.x) * (py - 2 * low.y) - (px - 2 * low.x) * (2 * high.y - 2 * low.y);
    if (side > 0) inside = !inside;
  }
  return inside;
}

describe('pixels inside a polygon', () => {
  it('are those whose centres an even-odd rule in whole numbers finds', () => {
    fc.assert(
      fc.property(polygon, (corners) => {
        const expected = Array.from({ length: SIDE }, (_, y) =>
          Array.from({ length: SIDE }, (_, x) => (isInside(corners, x, y) ? '#' : '.')).join(''),
        ).join('\n');
        expect(mask(corners)).toBe(expected);
        expect(pixelsInside(corners)).toBe([...expected].filter((sign) => sign === '#').length);
        expect(holdsPixel(corners)).toBe(expected.includes('#'));
      }),
    );
  });

  it('are all of a rectangle', () => {
    fc.assert(
      fc.property(corner, corner, (a, b) => {
        fc.pre(a.x < b.x && a.y < b.y);
        const rectangle = [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
        for (let y = 0; y < SIDE; y++) {
          expect(insideSpans(rectangle, y)).toEqual(y >= a.y && y < b.y ? [[a.x, b.x]] : []);
        }
        const { x, y, width, height } = boundsOf(rectangle);
        expect({ x, y, width, height }).toEqual({ ...a, width: b.x - a.x, height: b.y - a.y });
      }),
    );
  });

  it('do not depend on where the corners begin, or which way they go round', () => {
    fc.assert(
      fc.property(polygon, fc.nat(7), (corners, turn) => {
        const turned = corners.map((_, i) => corners[(i + turn) % corners.length]);
        expect(mask(turned)).toBe(mask(corners));
        expect(mask([...corners].reverse())).toBe(mask(corners));
      }),
    );
  });

  it('belong to one of two parts that share an edge', () => {
    fc.assert(
      fc.property(corner, corner, corner, corner, (a, b, c, d) => {
        const halves = [mask([a, b, c]), mask([a, c, d])];
        const whole = mask([a, b, c, d]);
        for (let i = 0; i < whole.length; i++) {
          const odd = (halves[0][i] === '#') !== (halves[1][i] === '#');
          if (whole[i] !== '\n') expect(whole[i] === '#').toBe(odd);
        }
      }),
    );
  });

  it('move with it', () => {
    const triangle = [
      { x: 1, y: 1 },
      { x: 9, y: 3 },
      { x: 4, y: 8 },
    ];
    const moved = movedArea({ window: boundsOf(triangle), polygon: triangle }, 2, 3);
    expect(moved.window).toEqual({ x: 3, y: 4, width: 8, height: 7 });
    expect(pixelsInside(moved.polygon ?? [])).toBe(pixelsInside(triangle));
  });
});

describe('an area', () => {
  const triangle = [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 0, y: 4 },
  ];
  const window = { x: 0, y: 0, width: 4, height: 4 };
  const bad = expect.objectContaining({ code: 'bad-argument' });

  it('may be a window, or a polygon with its window around it', () => {
    expect(() => assertArea({ window })).not.toThrow();
    expect(() => assertArea({ window, polygon: triangle })).not.toThrow();
  });

  it.each([
    ['a line', { window: { ...window, height: 0 }, polygon: triangle.slice(0, 2) }],
    [
      'a flat one',
      { window: { ...window, height: 0 }, polygon: [triangle[0], triangle[1], triangle[1]] },
    ],
    ['a window elsewhere', { window: { ...window, x: 1 }, polygon: triangle }],
    ['corners inside pixels', { window, polygon: [{ x: 0.5, y: 0 }, ...triangle.slice(1)] }],
  ])('refuses %s', (_, area) => {
    expect(() => assertArea(area)).toThrow(bad);
  });
});
