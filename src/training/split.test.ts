import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelWindow } from '../core/cube/types';
import { CropPlaces, cropsOf, suggestedValidation } from './split';

function apart(a: PixelWindow, b: PixelWindow): boolean {
  return (
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
  );
}

const scenes = fc.record({
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
});
const cases = scenes.chain((scene) =>
  fc.record({
    scene: fc.constant(scene),
    side: fc.integer({ min: 1, max: 24 }),
    heldBack: fc
      .record({ x: fc.nat(scene.width - 1), y: fc.nat(scene.height - 1) })
      .chain(({ x, y }) =>
        fc.record({
          x: fc.constant(x),
          y: fc.constant(y),
          width: fc.integer({ min: 1, max: scene.width - x }),
          height: fc.integer({ min: 1, max: scene.height - y }),
        }),
      ),
  }),
);

describe('the spatial split', () => {
  it('lists every crop that lies inside and touches nothing held back, once', () => {
    fc.assert(
      fc.property(cases, ({ scene, side, heldBack }) => {
        const expected: string[] = [];
        for (let y = 0; y + side <= scene.height; y++) {
          for (let x = 0; x + side <= scene.width; x++) {
            if (apart({ x, y, width: side, height: side }, heldBack)) expected.push(`${x} ${y}`);
          }
        }
        const places = new CropPlaces(scene, heldBack, side);
        const found = Array.from({ length: places.count }, (_, i) => places.at(i));
        expect(found.map(({ x, y }) => `${x} ${y}`)).toEqual(expected);
      }),
    );
  });

  it('suggests a part that leaves room to train', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 32, max: 700 }),
        fc.integer({ min: 64, max: 700 }),
        fc.boolean(),
        (short, long, tall) => {
          const scene = tall ? { width: short, height: long } : { width: long, height: short };
          fc.pre(Math.min(short, long) >= 32);
          const heldBack = suggestedValidation(scene);
          expect(heldBack.x + heldBack.width).toBeLessThanOrEqual(scene.width);
          expect(heldBack.y + heldBack.height).toBeLessThanOrEqual(scene.height);
          expect(cropsOf([{ scene, heldBack }]).places).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('refuses scenes that cannot be split', () => {
    expect(() => suggestedValidation({ width: 40, height: 40 })).toThrow(/too small/);
    const all = { x: 0, y: 0, width: 100, height: 100 };
    const scene = { width: 100, height: 100 };
    expect(() => cropsOf([{ scene, heldBack: all }])).toThrow(/make it smaller/);
  });
});
