import { beforeEach, describe, expect, it } from 'vitest';
import { createStudio, type StudioStore } from './store';
import { fakeEngine } from './testing';

let state: StudioStore['getState'];
beforeEach(() => {
  state = createStudio(fakeEngine()).getState;
});

describe('marks', () => {
  it('are pinned and released by the same click', () => {
    state().togglePin({ x: 1, y: 2 });
    state().togglePin({ x: 3, y: 4 });
    expect(state().pins.map(({ name }) => name)).toEqual(['Pin 1', 'Pin 2']);
    expect(state().pinned).toEqual({ x: 3, y: 4 });
    state().togglePin({ x: 3, y: 4 });
    expect(state().pinned).toEqual({ x: 1, y: 2 });
    state().togglePin({ x: 1, y: 2 });
    expect(state().pinned).toBeUndefined();
  });

  it('never share a colour, and give it back', () => {
    state().togglePin({ x: 1, y: 2 });
    state().addRegion({ x: 0, y: 0, width: 4, height: 4 });
    state().togglePin({ x: 3, y: 4 });
    expect(state().pins.map(({ colour }) => colour)).toEqual([0, 2]);
    state().removeMark('region 1');
    state().togglePin({ x: 5, y: 4 });
    expect(state().pins.map(({ colour }) => colour)).toEqual([0, 2, 1]);
  });

  it('move by the keyboard: the last pin, or a new one', () => {
    state().pin({ x: 7, y: 7 });
    state().pin({ x: 8, y: 7 });
    expect(state().pins).toHaveLength(1);
    expect(state().pinned).toEqual({ x: 8, y: 7 });
    state().pin(undefined);
    expect(state().pins).toHaveLength(0);
  });

  it('have names of their own, never empty ones', () => {
    state().togglePin({ x: 1, y: 2 });
    state().renameMark('pin 1', '  Maize ');
    state().renameMark('pin 1', ' ');
    expect(state().pins[0].name).toBe('Maize');
  });

  it('go with the image they lie on', async () => {
    state().togglePin({ x: 1, y: 2 });
    state().addRegion({ x: 0, y: 0, width: 4, height: 4 });
    await state().openSample('field');
    expect([state().pins, state().regions]).toEqual([[], []]);
  });
});
