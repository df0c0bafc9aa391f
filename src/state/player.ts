import { bandBeside, onStage, shownImage } from './bands';
import type { SliceTools } from './store';

/** What comes after the last band: the first one, or the way back. */
export type PlayOrder = 'loop' | 'ping-pong';

export const PLAY_SPEEDS = [2, 5, 10, 20] as const;

export interface PlayerSlice {
  readonly playing: boolean;
  /** Bands a second. */
  readonly playSpeed: number;
  readonly playOrder: PlayOrder;
  /** Plays through the bands one by one, or stops. */
  setPlaying(playing: boolean): void;
  setPlaySpeed(speed: number): void;
  setPlayOrder(order: PlayOrder): void;
  /** Shows the neighbouring band alone; stops at the ends. */
  stepBand(direction: 1 | -1): void;
  /** Shows the band that comes next in the order of playing. */
  playOn(): void;
}

export function playerSlice({ set, get }: SliceTools): PlayerSlice {
  let heading: 1 | -1 = 1;
  /** The next band in a direction; undefined at the end of the axis. */
  const beside = (direction: 1 | -1) => {
    const shown = shownImage(onStage(get()));
    if (!shown) return undefined;
    const { greyBand } = get();
    const next = bandBeside(shown.axis, greyBand, direction);
    return next === greyBand ? undefined : next;
  };
  const show = (band: number | undefined) => band !== undefined && get().setGreyBand(band);
  return {
    playing: false,
    playSpeed: 5,
    playOrder: 'loop',
    setPlaying(playing) {
      if (playing && get().colourMode !== 'grey') get().setGreyBand(get().greyBand);
      set({ playing });
    },
    setPlaySpeed: (playSpeed) => set({ playSpeed }),
    setPlayOrder: (playOrder) => set({ playOrder }),
    stepBand(direction) {
      show(beside(direction) ?? get().greyBand);
    },
    playOn() {
      const shown = shownImage(onStage(get()));
      if (!shown) return;
      if (get().playOrder === 'loop') heading = 1;
      const next = beside(heading);
      if (next !== undefined) show(next);
      else if (get().playOrder === 'loop')
        show(bandBeside(shown.axis, get().greyBand, -shown.axis.bands.length));
      else {
        heading = heading === 1 ? -1 : 1;
        show(beside(heading));
      }
    },
  };
}
