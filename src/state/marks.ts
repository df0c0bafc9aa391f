import type { PixelWindow } from '../core/cube/types';
import type { SliceTools } from './store';
import { type Pixel, samePixel } from './view';

interface Mark {
  readonly id: string;
  readonly name: string;
  /** Place in the list of colours of marks. */
  readonly colour: number;
}

/** A pixel of the original (of the decoded image where no original is open). */
export interface Pin extends Mark, Pixel {}

/** A rectangle of the original. */
export interface Region extends Mark {
  readonly window: PixelWindow;
}

export interface MarksSlice {
  readonly pins: readonly Pin[];
  readonly regions: readonly Region[];
  /** The pin that was placed or moved last: the one that the arrow keys move. */
  readonly pinned: Pixel | undefined;
  /** Reconstruction minus original under the spectra, where there is a reconstruction. */
  readonly residuals: boolean;
  /** Pins a pixel, or releases the pin that is there. */
  togglePin(pixel: Pixel): void;
  /** Moves the last pin, placing one where there is none; without a pixel, releases it. */
  pin(pixel: Pixel | undefined): void;
  addRegion(window: PixelWindow): void;
  renameMark(id: string, name: string): void;
  removeMark(id: string): void;
  clearMarks(): void;
  setResiduals(shown: boolean): void;
}

export function marksSlice({ set, get }: SliceTools): MarksSlice {
  let pinSerial = 0;
  let regionSerial = 0;
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
  return {
    pins: [],
    regions: [],
    pinned: undefined,
    residuals: true,

    togglePin(pixel) {
      const { pins } = get();
      const there = pins.find((pin) => samePixel(pin, pixel));
      if (there) {
        get().removeMark(there.id);
        return;
      }
      const number = ++pinSerial;
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

    addRegion(window) {
      const number = ++regionSerial;
      const region = {
        id: `region ${number}`,
        name: `Region ${number}`,
        colour: freeColour(),
        window,
      };
      set({ regions: [...get().regions, region] });
    },

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

    clearMarks() {
      pinSerial = 0;
      regionSerial = 0;
      set({ pins: [], regions: [], pinned: undefined });
    },

    setResiduals: (residuals) => set({ residuals }),
  };
}
