import type { PixelWindow } from '../../core/cube/types';
import type { PictureSource } from '../../engine/api';
import { activePaneOf } from '../../state/panes';
import { useStudio } from '../../state/react';
import { usePicture } from '../stage/usePicture';
import { type Look, MAX_SIDE, useOriginalBands } from './useWindow';

/** The name under which the original's pane keeps a stretch of its own. */
export const ORIGINAL_PANE = 'original';

/** The open cube, where the window is a part of it: not while a file stands alone. */
export function useComparedCube() {
  const cube = useStudio((state) => state.cube);
  const alone = useStudio((state) => {
    const { result } = activePaneOf(state);
    return result !== undefined && !result.original;
  });
  return alone ? undefined : cube;
}

/** The window of the original, where one is compared. */
export function useOriginalSource(window: PixelWindow | undefined): PictureSource | undefined {
  const cube = useComparedCube();
  const bands = useOriginalBands(window);
  return cube && bands && window
    ? { cube: cube.id, window, ...bands, maxSide: MAX_SIDE }
    : undefined;
}

export function useOriginalPicture(window: PixelWindow, look: Look) {
  const source = useOriginalSource(window);
  return usePicture(source && { ...source, ...look.of(ORIGINAL_PANE) });
}
