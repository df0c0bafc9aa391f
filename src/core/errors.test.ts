import { expect, it } from 'vitest';
import { HscError } from './errors';

it('a message stays as it is, unless it is longer than anyone reads', () => {
  expect(new HscError('bad-file', 'The file is damaged.').message).toBe('The file is damaged.');
  const { message } = new HscError('bad-file', `The tensor ${'x'.repeat(1e6)} is wrong.`);
  expect(message).toMatch(/^The tensor x+ ….$/);
  expect(message.length).toBeLessThan(1010);
});
