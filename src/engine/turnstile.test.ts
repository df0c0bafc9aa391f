import { expect, it, vi } from 'vitest';
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

/** A turnstile, and how its device is lost. */
function watched() {
  const turnstile = new Turnstile();
  let lose: (why: string) => void = () => {};
  turnstile.watch(
    new Promise((resolve) => {
      lose = resolve;
    }),
  );
  return { turnstile, lose };
}

it('fails what is at work, and what comes after, with the device', async () => {
  const { turnstile, lose } = watched();
  const waiting = turnstile.pass(undefined, () => new Promise(() => {}));
  lose('pulled out');
  const fault = { code: 'device', message: 'The graphics device was lost: pulled out.' };
  await expect(waiting).rejects.toMatchObject(fault);
  const begun = vi.fn(async () => 1);
  await expect(turnstile.pass(undefined, begun)).rejects.toMatchObject(fault);
  expect(begun).not.toHaveBeenCalled();
});

it('waits for the news of a loss that has broken work already', async () => {
  const { turnstile, lose } = watched();
  const broken = turnstile.pass(undefined, async () => {
    setTimeout(() => lose('pulled out'), 5);
    throw new Error('mapAsync failed');
  });
  await expect(broken).rejects.toMatchObject({ code: 'device' });
});
