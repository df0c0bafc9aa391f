import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { place, ZOOM_LEVELS } from './camera';
import { type Fingers, nearestLevel, pinched } from './pinch';

const PANE = { width: 600, height: 400 };
const IMAGE = { width: 200, height: 150 };
const between = ([a, b]: Fingers) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const point = fc.record({
  x: fc.integer({ min: 0, max: PANE.width }),
  y: fc.integer({ min: 0, max: PANE.height }),
});
const fingers = fc
  .tuple(point, point)
  .filter(([a, b]) => Math.hypot(a.x - b.x, a.y - b.y) > 20) as fc.Arbitrary<Fingers>;

describe('two fingers', () => {
  it('keep the image point that is between them', () => {
    fc.assert(
      fc.property(fingers, fingers, fc.constantFrom(...ZOOM_LEVELS), (from, now, zoom) => {
        const before = place({ zoom }, IMAGE, PANE);
        const after = place(pinched({ placement: before, from }, now, PANE), IMAGE, PANE);
        const at = (p: { x: number; y: number }, view: typeof before) => [
          (p.x - view.left) / view.zoom,
          (p.y - view.top) / view.zoom,
        ];
        const [x0, y0] = at(between(from), before);
        const [x1, y1] = at(between(now), after);
        // Placements are rounded to whole CSS pixels.
        expect(Math.abs(x1 - x0) * after.zoom).toBeLessThanOrEqual(0.51);
        expect(Math.abs(y1 - y0) * after.zoom).toBeLessThanOrEqual(0.51);
      }),
    );
  });

  it('zoom by their spread, to levels that show every pixel alike', () => {
    const placement = place({ zoom: 2 }, IMAGE, PANE);
    const from: Fingers = [
      { x: 250, y: 200 },
      { x: 350, y: 200 },
    ];
    const spread = (by: number): Fingers => [
      { x: 300 - 50 * by, y: 200 },
      { x: 300 + 50 * by, y: 200 },
    ];
    expect(pinched({ placement, from }, spread(2), PANE).zoom).toBe(4);
    expect(pinched({ placement, from }, spread(0.25), PANE).zoom).toBe(0.5);
    expect(nearestLevel(1000)).toBe(ZOOM_LEVELS.at(-1));
  });

  it('move the picture where they move together', () => {
    const placement = place({ zoom: 2 }, IMAGE, PANE);
    const from: Fingers = [
      { x: 200, y: 200 },
      { x: 300, y: 200 },
    ];
    const now: Fingers = [
      { x: 230, y: 190 },
      { x: 330, y: 190 },
    ];
    const after = place(pinched({ placement, from }, now, PANE), IMAGE, PANE);
    expect(after).toEqual({ zoom: 2, left: placement.left + 30, top: placement.top - 10 });
  });
});
