import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Damage, damagedCopy } from '../core/bitstream/damage';
import { createStudio } from './store';
import { fakeEngine } from './testing';

const studio = () => createStudio(fakeEngine()).getState;

test('takes damages that fit, one after the other, and gives them back', () => {
  const state = studio();
  const { addDamage, undoDamage, resetDamage, chooseDamagePlace } = state();
  chooseDamagePlace('a', { byte: 40 });
  expect(addDamage('a', { kind: 'cut', length: 30 }, 100)).toBe(true);
  // Byte 40 is cut off.
  expect(addDamage('a', { kind: 'bit', byte: 40, bit: 1 }, 100)).toBe(false);
  expect(addDamage('a', { kind: 'bit', byte: 29, bit: 1 }, 100)).toBe(true);
  expect(state().damageOfFile).toEqual({
    of: 'a',
    damages: [
      { kind: 'cut', length: 30 },
      { kind: 'bit', byte: 29, bit: 1 },
    ],
    byte: 40,
    bit: 0,
  });
  undoDamage('a');
  undoDamage('a');
  expect(addDamage('a', { kind: 'bit', byte: 40, bit: 1 }, 100)).toBe(true);
  resetDamage('a');
  expect(state().damageOfFile).toMatchObject({ damages: [], byte: 40 });
});

test('belongs to one file', () => {
  const state = studio();
  state().addDamage('a', { kind: 'bits', count: 1, seed: 7 }, 10);
  state().chooseDamagePlace('b', { bit: 3 });
  expect(state().damageOfFile).toEqual({ of: 'b', damages: [], byte: 0, bit: 3 });
});

test('whatever was taken can be done to the file', () => {
  const number = fc.integer({ min: -3, max: 60 });
  const any = fc.oneof(
    fc.record({ kind: fc.constant('bit'), byte: number, bit: number }),
    fc.record({ kind: fc.constant('bits'), count: number, seed: fc.nat() }),
    fc.record({ kind: fc.constant('run'), from: number, length: number, seed: fc.nat() }),
    fc.record({ kind: fc.constant('cut'), length: number }),
  ) as fc.Arbitrary<Damage>;
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.array(any), (file, wanted) => {
      const state = studio();
      const taken = wanted.filter((one) => state().addDamage('a', one, file.length));
      const damages = state().damageOfFile?.damages ?? [];
      expect(damages).toEqual(taken);
      expect(damagedCopy(file, damages).length).toBeLessThanOrEqual(file.length);
    }),
  );
});
