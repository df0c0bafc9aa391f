import { expect, it } from 'vitest';
import { formatSafetensors } from '../core/safetensors';
import { formatCheckpoint, parseCheckpoint } from './checkpoint';

const values = { adam: 7, judgeAdam: 3 };

it('a checkpoint comes back', () => {
  const tensors = { first: new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]) };
  expect(parseCheckpoint(formatCheckpoint({ tensors, values }))).toEqual({ tensors, values });
});

it.each([undefined, '', '{', '3', '{"adam":"7"}', '{"adam":null}'])(
  'one that tells its steps as %s starts the run anew',
  (json) => {
    const metadata = { format: 'hsc-training-1', ...(json !== undefined && { values: json }) };
    const bytes = formatSafetensors({ tensors: new Map(), metadata });
    expect(() => parseCheckpoint(bytes)).toThrow(
      expect.objectContaining({
        code: 'bad-file',
        message: expect.stringMatching(/start the run anew/),
      }),
    );
  },
);
