import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centerOf, choiceOf, fitWindow, patchAround, resizeWindow } from './patch';

const extent = fc.record({
  width: fc.integer({ min: 1, max: 900 }),
  height: fc.integer({ min: 1, max: 900 }),
});

describe('patch windows', () => {
  it('stay inside the cube, whatever is asked', () => {
    const numbers = fc.double({ min: -2000, max: 2000, noNaN: true });
    const asked = fc.record({
      x: numbers,
      y: numbers,
      width: fc.integer({ min: 1, max: 900 }),
      height: fc.integer({ min: 1, max: 900 }),
    });
    fc.assert(
      fc.property(extent, asked, (cube, window) => {
        const fitted = fitWindow(window, cube);
        expect(fitted.x).toBeGreaterThanOrEqual(0);
        expect(fitted.y).toBeGreaterThanOrEqual(0);
        expect(fitted.x + fitted.width).toBeLessThanOrEqual(cube.width);
        expect(fitted.y + fitted.height).toBeLessThanOrEqual(cube.height);
        expect(Number.isInteger(fitted.x) && Number.isInteger(fitted.y)).toBe(true);
      }),
    );
  });

  it('keep their centre where there is room', () => {
    const patch = patchAround(96, { x: 128, y: 100 }, { width: 256, height: 256 });
    expect(patch).toEqual({ x: 80, y: 52, width: 96, height: 96 });
    expect(centerOf(patch)).toEqual({ x: 128, y: 100 });
  });

  it('are cut to a smaller cube, and whole means whole', () => {
    expect(patchAround(96, { x: 40, y: 40 }, { width: 95, height: 300 })).toEqual({
      x: 0,
      y: 0,
      width: 95,
      height: 96,
    });
    expect(patchAround('whole', { x: 1, y: 1 }, { width: 95, height: 300 })).toEqual({
      x: 0,
      y: 0,
      width: 95,
      height: 300,
    });
  });
});

describe('a patch of any size', () => {
  const cube = { width: 200, height: 100 };

  it('keeps its corner and stays inside', () => {
    const window = { x: 150, y: 10, width: 20, height: 20 };
    expect(resizeWindow(window, { width: 40.4, height: 60 }, cube)).toEqual({
      x: 150,
      y: 10,
      width: 40,
      height: 60,
    });
    expect(resizeWindow(window, { width: 500, height: -3 }, cube)).toMatchObject({
      width: 50,
      height: 16,
    });
    expect(resizeWindow({ ...window, x: 190 }, { width: 1, height: 16 }, cube).width).toBe(10);
  });

  it('has the name of a usual size where it has one', () => {
    const window = { x: 0, y: 0, width: 64, height: 64 };
    expect(choiceOf(window, cube)).toBe(64);
    expect(choiceOf({ ...window, width: 65 }, cube)).toBe('custom');
    expect(choiceOf({ x: 0, y: 0, ...cube }, cube)).toBe('whole');
  });
});
