import type { PictureSource, StretchedSource } from '../../engine/api';
import { fitsWindow } from '../../state/canvas';
import { useStudio } from '../../state/react';
import { usePictureView, useSceneSource } from '../stage/pictureView';
import { ORIGINAL_PANE, useOriginalSource } from './useOriginal';
import { sourceOf, useAnchor, useComparedWindow } from './useWindow';

/** What the stretch of all panes is set for: the scene, or the original's patch beside them. */
export function useSharedStretched(): StretchedSource | undefined {
  const scene = useSceneSource();
  const stage = useStudio((state) => state.stage);
  const view = usePictureView();
  const window = useComparedWindow();
  const original = useOriginalSource(window);
  const anchor = useAnchor(window);
  if (stage === 'scene' && scene) return scene;
  const like = anchor && sourceOf(anchor, view);
  return original ? { ...original, like } : like;
}

/** What a pane shows that has a stretch of its own. */
export function usePaneSource(paneKey: string): PictureSource | undefined {
  const view = usePictureView();
  const window = useComparedWindow();
  const original = useOriginalSource(window);
  const pane = useStudio(({ panes }) => panes.find(({ id }) => id === paneKey));
  const cube = useStudio((state) => state.cube?.id);
  if (paneKey === ORIGINAL_PANE) return original;
  return pane && window && fitsWindow(pane, window, cube) ? sourceOf(pane, view) : undefined;
}
