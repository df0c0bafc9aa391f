import { useEffect, useMemo, useRef, useState } from 'react';
import { colourTable, paintValues } from '../../core/cube/colourMaps';
import type { PixelWindow } from '../../core/cube/types';
import type { DifferenceMap, DifferenceRequest, Picture } from '../../engine/api';
import type { Shown } from '../../state/canvas';
import { type Notice, noticeOf } from '../../state/notice';
import type { CodecPane } from '../../state/panes';
import { useEngine, useStudio } from '../../state/react';
import { usePictureView } from '../stage/pictureView';
import { DIFFERENCE_MAP } from './heat';
import { MAX_SIDE, sourceOf } from './useWindow';

interface Held {
  readonly key: string;
  readonly map?: DifferenceMap;
  readonly notice?: Notice;
}

/** Full scale of a kind of map: a share of the value range, or degrees. */
export function useLimit(shown: Shown): number {
  return useStudio((state) => (shown === 'sam' ? state.angleLimit : state.errorLimit));
}

function useRequest(
  pane: CodecPane,
  window: PixelWindow,
  kind: Shown,
): DifferenceRequest | undefined {
  const view = usePictureView();
  const { result } = pane;
  if (kind === 'picture' || !result?.original) return undefined;
  return {
    original: result.original.cube,
    reconstruction: result.reconstruction.id,
    window,
    kind,
    bands: (kind === 'shown' && sourceOf(pane, view)?.bands) || [],
    maxSide: MAX_SIDE,
  };
}

/** The map of a pane's differences from the original as a picture; nothing where pictures are shown. */
export function useDifference(pane: CodecPane, window: PixelWindow, kind: Shown) {
  const engine = useEngine();
  const limit = useLimit(kind);
  const request = useRequest(pane, window, kind);
  const key = request ? JSON.stringify(request) : '';
  const [held, setHeld] = useState<Held>({ key: '' });
  const wanted = useRef('');
  const running = useRef<Promise<void>>(undefined);

  useEffect(() => {
    wanted.current = key;
    if (key === '') return;
    const draw = async () => {
      await running.current;
      if (wanted.current !== key) return;
      const next = await engine.difference(JSON.parse(key) as DifferenceRequest).then(
        (map): Held => ({ key, map }),
        (error: unknown): Held => ({ key, notice: noticeOf(error) }),
      );
      if (wanted.current === key) setHeld(next);
    };
    running.current = draw();
  }, [engine, key]);

  const { map, notice } = key === '' ? ({ key } satisfies Held as Held) : held;
  const picture = useMemo<Picture | undefined>(
    () =>
      map && {
        width: map.width,
        height: map.height,
        stride: map.stride,
        rgba: paintValues(map.values, [0, limit], colourTable(DIFFERENCE_MAP)),
        stretch: [],
      },
    [map, limit],
  );
  return { picture, notice };
}
