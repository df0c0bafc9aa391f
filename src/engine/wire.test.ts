import { describe, expect, it } from 'vitest';
import { HscError, isHscError } from '../core/errors';
import { fromWire, toWire } from './wire';

describe('errors across the worker’s border', () => {
  it('keep code, sentence and cause', () => {
    const error = new HscError('truncated', 'It ends early.', {
      cause: new Error('read past end'),
    });
    const back = fromWire(structuredClone(toWire(error)));
    expect(isHscError(back) && back.code).toBe('truncated');
    expect(back.message).toBe('It ends early.');
    expect(back.cause).toBe('read past end');
  });

  it.each([
    new RangeError('Array buffer allocation failed'),
    new RangeError('Invalid typed array length: 9999999999'),
    new RangeError('Allocation failed: 1048576 bytes for a tensor.'),
    new RangeError('WebAssembly.Memory(): could not allocate memory: out of memory'),
    new WebAssembly.RuntimeError('memory access out of bounds'),
  ])('say what to do where memory is short: %s', (error) => {
    const back = fromWire(structuredClone(toWire(error)));
    expect(back).toMatchObject({ code: 'memory', cause: error.message });
    expect(back.message).toContain('choose a smaller patch');
  });

  it('stay plain where they were', () => {
    const back = fromWire(toWire(new TypeError('x is not a function')));
    expect(isHscError(back)).toBe(false);
    expect(back.message).toBe('x is not a function');
  });
});
