import { type Area, boundsOf, type Corner, holdsPixel } from '../core/cube/polygon';
import type { PixelWindow } from '../core/cube/types';
import type { SliceTools } from './store';
import { type Pixel, samePixel } from './view';

/** Of a polygon: more than a hand draws. */
export const MOST_CORNERS = 1000;

interface Mark {
  readonly id: string;
  readonly name: string;
  /** Place in the list of colours of marks. */
  readonly colour: number;
}

/** A pixel of the original (of the decoded image where no original is open). */
export interface Pin extends Mark, Pixel {}

/** A rectangle or a polygon of the original. */
export interface Region extends Mark, Area {}

export interface MarksSlice {
  readonly pins: readonly Pin[];
  readonly regions: readonly Region[];
  /** The pin that was placed or moved last: the one that the arrow keys move. */
  readonly pinned: Pixel | undefined;
  /** Corners of the polygon that is being drawn, on the original; undefined while none is. */
  readonly drawing: readonly Corner[] | undefined;
  /** Reconstruction minus original under the spectra, where there is a reconstruction. */
  readonly residuals: boolean;
  /** Pins a pixel, or releases the pin that is there. */
  togglePin(pixel: Pixel): void;
  /** Moves the last pin, placing one where there is none; without a pixel, releases it. */
  pin(pixel: Pixel | undefined): void;
  addRegion(window: PixelWindow): void;
  /** From now on clicks on the pictures are corners of a polygon. */
  startPolygon(): void;
  addCorner(corner: Corner): void;
  /** Takes back the last corner. */
  dropCorner(): void;
  /** Makes a region of the corners; goes on drawing while they hold no pixel. */
  closePolygon(): void;
  cancelPolygon(): void;
  renameMark(id: string, name: string): void;
  removeMark(id: string): void;
  clearMarks(): void;
  setResiduals(shown: boolean): void;
}

export function marksSlice({ set, get }: SliceTools): MarksSlice {
  /** A number that no mark of the kind has: marks also come from undone steps and from files. */
  const freeNumber = (marks: readonly Mark[]) =>
    1 + Math.max(0, ...marks.map(({ id }) => Number(id.split(' ')[1])).filter(Number.isFinite));
  /** The lowest colour that no mark has. */
  const freeColour = () => {
    const taken = new Set([...get().pins, ...get().regions].map(({ colour }) => colour));
    let colour = 0;
    while (taken.has(colour)) colour++;
    return colour;
  };
  const setPins = (pins: readonly Pin[]) => {
    const last = pins.at(-1);
    set({ pins, pinned: last && { x: last.x, y: last.y } });
  };
  const add = (area: Area) => {
    const { regions } = get();
    const number = freeNumber(regions);
    const names = { id: `region ${number}`, name: `Region ${number}`, colour: freeColour() };
    set({ regions: [...regions, { ...names, ...area }] });
  };
  return {
    pins: [],
    regions: [],
    pinned: undefined,
    drawing: undefined,
    residuals: true,

    togglePin(pixel) {
      const { pins } = get();
      const there = pins.find((pin) => samePixel(pin, pixel));
      if (there) {
        get().removeMark(there.id);
        return;
      }
      const number = freeNumber(pins);
      const { x, y } = pixel;
      setPins([
        ...pins,
        { id: `pin ${number}`, name: `Pin ${number}`, colour: freeColour(), x, y },
      ]);
    },

    pin(pixel) {
      const last = get().pins.at(-1);
      if (!pixel) {
        if (last) get().removeMark(last.id);
      } else if (!last) get().togglePin(pixel);
      else setPins([...get().pins.slice(0, -1), { ...last, x: pixel.x, y: pixel.y }]);
    },

    addRegion: (window) => add({ window }),

    startPolygon: () => set({ drawing: [] }),

    addCorner(corner) {
      const { drawing } = get();
      // A double click comes as two clicks before it closes the polygon.
      if (!drawing || drawing.length >= MOST_CORNERS || samePixel(drawing.at(-1), corner)) return;
      set({ drawing: [...drawing, corner] });
    },

    dropCorner: () => set({ drawing: get().drawing?.slice(0, -1) }),

    closePolygon() {
      const polygon = get().drawing;
      if (!polygon || polygon.length < 3 || !holdsPixel(polygon)) return;
      add({ window: boundsOf(polygon), polygon });
      set({ drawing: undefined });
    },

    cancelPolygon: () => set({ drawing: undefined }),

    renameMark(id, name) {
      const renamed = <T extends Mark>(marks: readonly T[]) =>
        marks.map((mark) =>
          mark.id === id && name.trim() ? { ...mark, name: name.trim() } : mark,
        );
      set({ pins: renamed(get().pins), regions: renamed(get().regions) });
    },

    removeMark(id) {
      setPins(get().pins.filter((pin) => pin.id !== id));
      set({ regions: get().regions.filter((region) => region.id !== id) });
    },

    clearMarks: () => set({ pins: [], regions: [], pinned: undefined, drawing: undefined }),

    setResiduals: (residuals) => set({ residuals }),
  };
}
