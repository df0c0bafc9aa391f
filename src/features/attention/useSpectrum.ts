import { useEffect, useRef, useState } from 'react';
import { useEngine } from '../../state/react';
import type { Pixel } from '../../state/view';

interface Held {
  readonly key: string;
  readonly values?: Float32Array;
}

/** One pixel's spectrum. Of pixels that pass while one is read, only the last is read next. */
export function useSpectrum(
  cube: string | undefined,
  pixel: Pixel | undefined,
): Float32Array | undefined {
  const engine = useEngine();
  const key = cube && pixel ? `${cube} ${pixel.x} ${pixel.y}` : '';
  const [held, setHeld] = useState<Held>({ key: '' });
  const wanted = useRef('');
  const running = useRef<Promise<void>>(undefined);
  const x = pixel?.x;
  const y = pixel?.y;

  useEffect(() => {
    wanted.current = key;
    if (!cube || x === undefined || y === undefined) return;
    const read = async () => {
      await running.current;
      if (wanted.current !== key) return;
      const values = await engine.spectrum(cube, x, y).catch(() => undefined);
      if (wanted.current === key) setHeld({ key, values });
    };
    running.current = read();
  }, [engine, key, cube, x, y]);

  // The last spectrum of the same cube stays until the next has come: no flicker under the cursor.
  return key !== '' && held.key.split(' ').slice(0, -2).join(' ') === cube
    ? held.values
    : undefined;
}
