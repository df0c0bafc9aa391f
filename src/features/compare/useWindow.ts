import { useMemo } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import type { PictureRequest, PictureSource } from '../../engine/api';
import { bandAxis } from '../../state/bands';
import { comparedWindow, fitsWindow } from '../../state/canvas';
import type { CodecPane } from '../../state/panes';
import { useStudio } from '../../state/react';
import { bandsOf, type PictureView, usePictureView } from '../stage/pictureView';

export const MAX_SIDE = 2048;

/** The window that all panes show; the same object while it stays the same. */
export function useComparedWindow(): PixelWindow | undefined {
  const panes = useStudio((state) => state.panes);
  const activePane = useStudio((state) => state.activePane);
  const cube = useStudio((state) => state.cube);
  const patch = useStudio((state) => state.patch);
  const found = comparedWindow({ panes, activePane, cube, patch });
  const key = JSON.stringify(found ?? null);
  return useMemo(() => (JSON.parse(key) as PixelWindow | null) ?? undefined, [key]);
}

/** The first pane that shows the window: its percentiles stretch all panes. */
export function useAnchor(window: PixelWindow | undefined): CodecPane | undefined {
  return useStudio(
    ({ panes, cube }) => window && panes.find((pane) => fitsWindow(pane, window, cube?.id)),
  );
}

/** A pane's whole picture. */
export function sourceOf(pane: CodecPane, view: PictureView): PictureSource | undefined {
  if (!pane.result) return undefined;
  const { id, info, codedBands } = pane.result.reconstruction;
  const window = { x: 0, y: 0, width: info.width, height: info.height };
  const axis = bandAxis(info, codedBands);
  return { cube: id, window, ...bandsOf(view, axis), maxSide: MAX_SIDE };
}

/** How pictures are stretched and coloured: all alike, but for panes with a stretch of their own. */
export interface Look {
  of(paneKey: string): Pick<PictureRequest, 'stretch' | 'like' | 'colourMap'>;
}

/**
 * The look of all panes: the percentiles of the first reconstruction, so that it is the same whether
 * or not the original is open.
 */
export function useLook(window: PixelWindow): Look {
  const view = usePictureView();
  const shared = useStudio((state) => state.percentiles);
  const own = useStudio((state) => state.paneStretch);
  const anchor = useAnchor(window);
  return useMemo(() => {
    const like = anchor && sourceOf(anchor, view);
    const { colourMap } = view;
    return {
      of: (paneKey) =>
        own[paneKey] ? { stretch: own[paneKey], colourMap } : { stretch: shared, like, colourMap },
    };
  }, [view, shared, own, anchor]);
}

/** The bands that the original shows: those that the first reconstruction has. */
export function useOriginalBands(window: PixelWindow | undefined) {
  const view = usePictureView();
  const anchor = useAnchor(window);
  const info = useStudio((state) => state.cube?.info);
  return useMemo(() => {
    if (!info) return undefined;
    const decoded = anchor?.result?.reconstruction;
    const axis = decoded && bandAxis(decoded.info, decoded.codedBands);
    return bandsOf(view, bandAxis(info), axis);
  }, [view, anchor, info]);
}
