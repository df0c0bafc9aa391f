import { describe, expect, it } from 'vitest';
import { createStudio } from '../state/store';
import { fakeEngine } from '../state/testing';
import { formatAddress, openAddress, parseAddress } from './address';

async function studio() {
  const store = createStudio(fakeEngine());
  await store.getState().loadSamples();
  await store.getState().startEngine();
  return store;
}

describe('the address', () => {
  it('says what is open, coded and shown, and opens it again', async () => {
    const store = await studio();
    await store.getState().openSample('field');
    store.getState().movePatch(5, 1);
    store.getState().setRate(0.4);
    store.getState().setGreyBand(1);
    store.getState().setCanvas({ layout: 'swipe', shown: 'sam' });
    await store.getState().encode();
    const hash = formatAddress(store.getState());
    expect(hash).toBe(
      '#sample=field&patch=5,1,96,96&panes=hific-opt@0.4&bands=1&stage=compare&layout=swipe&shown=sam',
    );
    const other = await studio();
    await openAddress(other, hash);
    expect(formatAddress(other.getState())).toBe(hash);
    expect(other.getState().panes[0].result).toBeDefined();
  });

  it('leaves out what it cannot mean', () => {
    expect(parseAddress('#panes=a@1')).toBeUndefined();
    expect(parseAddress('#sample=x&patch=1,2&bands=1,2&panes=a@b,,c@-1&stage=moon')).toEqual({
      sample: 'x',
      panes: [],
    });
  });

  it('of a codec or sample that this build lacks is no error', async () => {
    const store = await studio();
    await openAddress(store, '#sample=nowhere');
    expect(store.getState().cube).toBeUndefined();
    await openAddress(store, '#sample=field&panes=hific-9@7&patch=900,900,96,96');
    expect(store.getState().panes[0]).toMatchObject({ codecId: 'hific-opt', rate: 1 });
    expect(store.getState().patch).toEqual({ x: 24, y: 4, width: 96, height: 96 });
  });
});
