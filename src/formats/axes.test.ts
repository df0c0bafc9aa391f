import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cubeAxes } from './axes';

const none = { bandCounts: [], images: [] };

describe('the axes of a 3-D array', () => {
  it.each<[number[], string, boolean]>([
    // equal rows and columns leave one axis for the bands
    [[100, 100, 193], 'yxb', true],
    [[224, 512, 512], 'byx', true],
    [[512, 224, 512], 'ybx', true],
    [[32, 32, 300], 'yxb', true],
    // bands last is the custom
    [[83, 86, 204], 'yxb', false],
    [[610, 340, 103], 'yxb', false],
    [[31, 43, 580], 'yxb', false],
    [[34, 78, 162], 'yxb', false],
    [[83, 200, 103], 'yxb', false],
    // unless the first axis is slim beside an image
    [[103, 610, 340], 'byx', false],
    [[224, 1000, 2000], 'byx', false],
    [[7, 7, 7], 'yxb', false],
  ])('%j without evidence: %s', (dims, axes, certain) => {
    const found = cubeAxes(dims, 'row-major', none)!;
    expect(found.axes).toBe(axes);
    expect(found.note === undefined).toBe(certain);
  });

  it('follow the number of wavelengths, then a mask', () => {
    const bands = { bandCounts: [86], images: [] };
    expect(cubeAxes([83, 86, 204], 'row-major', bands)).toMatchObject({
      axes: 'ybx',
      note: undefined,
    });
    const mask = { bandCounts: [], images: [[86, 204] as const] };
    expect(cubeAxes([83, 86, 204], 'row-major', mask)).toMatchObject({
      axes: 'byx',
      note: undefined,
    });
  });

  it('give strides in the order of the memory', () => {
    expect(cubeAxes([3, 4, 5], 'row-major', none, 'yxb')?.strides).toEqual({ y: 20, x: 5, b: 1 });
    expect(cubeAxes([3, 4, 5], 'column-major', none, 'yxb')?.strides).toEqual({
      y: 1,
      x: 3,
      b: 12,
    });
    expect(cubeAxes([3, 4, 5], 'row-major', none, 'bxy')).toMatchObject({
      shape: { bands: 3, width: 4, height: 5 },
      strides: { b: 20, x: 5, y: 1 },
    });
  });

  it('always name each axis once and cover the array', () => {
    const lengths = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    );
    fc.assert(
      fc.property(lengths, fc.constantFrom('row-major', 'column-major'), (dims, order) => {
        const { axes, shape, strides } = cubeAxes(dims, order, none)!;
        expect([...axes].sort().join('')).toBe('bxy');
        const { width, height, bands } = shape;
        expect(width * height * bands).toBe(dims[0] * dims[1] * dims[2]);
        const last = (width - 1) * strides.x + (height - 1) * strides.y + (bands - 1) * strides.b;
        expect(last).toBe(width * height * bands - 1);
      }),
    );
  });
});

describe('the axes of bands × pixels', () => {
  const image = { bandCounts: [], images: [[3, 4] as const] };

  it('run down the columns in MATLAB and along the rows in NumPy', () => {
    expect(cubeAxes([5, 12], 'column-major', image)).toMatchObject({
      axes: 'b(xy):3x4',
      shape: { height: 3, width: 4, bands: 5 },
      strides: { b: 1, y: 5, x: 15 },
    });
    expect(cubeAxes([12, 5], 'row-major', image)).toMatchObject({
      axes: '(yx)b:3x4',
      strides: { b: 1, x: 5, y: 20 },
    });
  });

  it('are unknown without rows and columns, and as the user states them', () => {
    expect(cubeAxes([5, 12], 'row-major', none)).toBeUndefined();
    expect(cubeAxes([12, 5], 'row-major', none, '(xy) b : 4x3')).toMatchObject({
      shape: { height: 4, width: 3, bands: 5 },
      strides: { b: 1, y: 5, x: 20 },
    });
    for (const axes of ['b(xy):3x4', '(yx)b:3x5', '(yx)b', 'yxb', '']) {
      const attempt = () => cubeAxes([12, 5], 'row-major', none, axes);
      if (axes) expect(attempt).toThrow(/does not fit an array of 12 × 5/);
      else expect(attempt()).toBeUndefined();
    }
  });
});
