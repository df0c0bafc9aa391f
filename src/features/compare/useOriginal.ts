import type { PixelWindow } from '../../core/cube/types';
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

export function useOriginalPicture(window: PixelWindow, look: Look) {
  const cube = useComparedCube();
  const bands = useOriginalBands(window);
  return usePicture(
    cube && bands
      ? { cube: cube.id, window, ...bands, maxSide: MAX_SIDE, ...look.of(ORIGINAL_PANE) }
      : undefined,
  );
}
