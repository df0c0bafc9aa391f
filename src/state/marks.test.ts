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

  it('take numbers that no other mark has, wherever these come from', () => {
    const store = createStudio(fakeEngine());
    const window = { x: 0, y: 0, width: 4, height: 4 };
    // As undoing and experiments bring marks back.
    store.setState({ regions: [{ id: 'region 3', name: 'Field', colour: 0, window }] });
    store.getState().addRegion(window);
    expect(store.getState().regions.map(({ id }) => id)).toEqual(['region 3', 'region 4']);
  });
});

describe('a polygon', () => {
  const draw = (...corners: (readonly [number, number])[]) => {
    state().startPolygon();
    for (const [x, y] of corners) state().addCorner({ x, y });
  };

  it('becomes a region with its window around it', () => {
    draw([1, 2], [9, 3], [4, 8]);
    state().closePolygon();
    expect(state().drawing).toBeUndefined();
    expect(state().regions[0]).toMatchObject({
      name: 'Region 1',
      window: { x: 1, y: 2, width: 8, height: 6 },
      polygon: [
        { x: 1, y: 2 },
        { x: 9, y: 3 },
        { x: 4, y: 8 },
      ],
    });
  });

  it('takes the second click of a double click for none, and corners back', () => {
    draw([1, 2], [9, 3], [9, 3]);
    expect(state().drawing).toHaveLength(2);
    state().dropCorner();
    state().dropCorner();
    state().dropCorner();
    expect(state().drawing).toEqual([]);
    state().cancelPolygon();
    expect(state().drawing).toBeUndefined();
    state().addCorner({ x: 1, y: 1 });
    state().closePolygon();
    expect([state().drawing, state().regions]).toEqual([undefined, []]);
  });

  it('goes on being drawn while it holds no pixel', () => {
    draw([1, 2], [9, 2], [5, 2]);
    state().closePolygon();
    expect(state().regions).toEqual([]);
    expect(state().drawing).toHaveLength(3);
    state().setStage('curves');
    expect(state().drawing).toBeUndefined();
  });
});
