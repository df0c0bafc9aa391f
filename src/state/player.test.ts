import { describe, expect, it } from 'vitest';
import { createStudio } from './store';
import { fakeEngine } from './testing';

async function playing(order: 'loop' | 'ping-pong') {
  const { getState } = createStudio(fakeEngine());
  await getState().openSample('field');
  getState().setPlayOrder(order);
  getState().setGreyBand(0);
  getState().setPlaying(true);
  return Array.from({ length: 6 }, () => {
    getState().playOn();
    return getState().greyBand;
  });
}

describe('playing through the bands', () => {
  it('begins again after the last', async () => {
    expect(await playing('loop')).toEqual([1, 2, 0, 1, 2, 0]);
  });

  it('goes back and forth', async () => {
    expect(await playing('ping-pong')).toEqual([1, 2, 1, 0, 1, 2]);
  });

  it('shows one band alone, and steps stop at the ends', async () => {
    const { getState } = createStudio(fakeEngine());
    await getState().openSample('field');
    getState().setPlaying(true);
    expect(getState().colourMode).toBe('grey');
    for (let i = 0; i < 5; i++) getState().stepBand(-1);
    expect(getState().greyBand).toBe(0);
  });
});
