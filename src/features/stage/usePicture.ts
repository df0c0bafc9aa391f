import { useEffect, useRef, useState } from 'react';
import type { Picture, PictureRequest } from '../../engine/api';
import { type Notice, noticeOf } from '../../state/notice';
import { useEngine } from '../../state/react';

interface Shown {
  readonly picture?: Picture;
  readonly notice?: Notice;
}

/**
 * The picture of a request. While a new one is made the old one stays, unless it shows another
 * cube; requests that come while one is under way collapse into the last.
 */
export function usePicture(request: PictureRequest | undefined): Shown {
  const engine = useEngine();
  const key = request ? JSON.stringify(request) : '';
  const [shown, setShown] = useState<Shown & { cube?: string }>({});
  const wanted = useRef('');
  const running = useRef<Promise<void>>(undefined);

  useEffect(() => {
    wanted.current = key;
    if (key === '') return;
    const draw = async () => {
      await running.current;
      if (wanted.current !== key) return;
      const asked = JSON.parse(key) as PictureRequest;
      const next = await engine.picture(asked).then(
        (picture): Shown => ({ picture }),
        (error: unknown): Shown => ({ notice: noticeOf(error) }),
      );
      // Shown even if another is wanted by now: a slider that moves on must not starve the picture.
      setShown({ ...next, cube: asked.cube });
    };
    running.current = draw();
  }, [engine, key]);

  return shown.cube === request?.cube ? shown : {};
}
