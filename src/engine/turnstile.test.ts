import { expect, it } from 'vitest';
import { Turnstile } from './turnstile';

it('lets work through one at a time, in order, past what failed', async () => {
  const turnstile = new Turnstile();
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    log.push(`${name} ends`);
    if (name === 'a') throw new Error('no');
  };
  const controller = new AbortController();
  const passes = [
    turnstile.pass(undefined, work('a')),
    turnstile.pass(controller.signal, work('b')),
    turnstile.pass(undefined, work('c')),
  ];
  controller.abort();
  const ends = await Promise.allSettled(passes);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'c begins', 'c ends']);
});
