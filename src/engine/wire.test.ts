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

  it('stay plain where they were', () => {
    const back = fromWire(toWire(new TypeError('x is not a function')));
    expect(isHscError(back)).toBe(false);
    expect(back.message).toBe('x is not a function');
  });
});
