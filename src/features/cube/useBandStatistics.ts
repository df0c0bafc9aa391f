import { useEffect, useState } from 'react';
import type { BandStatistics } from '../../core/cube/bandStatistics';
import { messageOf } from '../../core/errors';
import { useEngine } from '../../state/react';

interface Found {
  readonly statistics?: BandStatistics;
  readonly fault?: string;
}

/** Statistics of a cube's bands, read once. */
export function useBandStatistics(cube: string): Found {
  const engine = useEngine();
  const [found, setFound] = useState<Found>({});
  useEffect(() => {
    let wanted = true;
    setFound({});
    engine.bandStatistics(cube).then(
      (statistics) => wanted && setFound({ statistics }),
      (error: unknown) => wanted && setFound({ fault: messageOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [engine, cube]);
  return found;
}
