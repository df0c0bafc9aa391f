import { useEffect, useRef, useState } from 'react';
import { type Notice, noticeOf } from '../../state/notice';

interface Answer<T> {
  readonly value?: T;
  readonly notice?: Notice;
}

/**
 * The engine's answer to a request, which is small and plain; `ask` stays the same function. While a
 * new answer is made the old one stays, unless it is of another cube; requests that come while one
 * is under way collapse into the last.
 */
export function useLatest<R extends { readonly cube: string }, T>(
  request: R | undefined,
  ask: (request: R) => Promise<T>,
): Answer<T> {
  const key = request ? JSON.stringify(request) : '';
  const [shown, setShown] = useState<Answer<T> & { cube?: string }>({});
  const wanted = useRef('');
  const running = useRef<Promise<void>>(undefined);

  useEffect(() => {
    wanted.current = key;
    if (key === '') return;
    const draw = async () => {
      await running.current;
      if (wanted.current !== key) return;
      const asked = JSON.parse(key) as R;
      const next = await ask(asked).then(
        (value): Answer<T> => ({ value }),
        (error: unknown): Answer<T> => ({ notice: noticeOf(error) }),
      );
      // Shown even if another is wanted by now: a slider that moves on must not starve the picture.
      setShown({ ...next, cube: asked.cube });
    };
    running.current = draw();
  }, [ask, key]);

  return shown.cube === request?.cube ? shown : {};
}
