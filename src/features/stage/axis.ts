import { useMemo } from 'react';
import type { CubeInfo } from '../../core/cube/types';
import { type BandAxis, bandAxis } from '../../state/bands';
import { useStudio } from '../../state/react';

/** The image that the band choices speak of: the decoded one where that is on the stage. */
export function useShownAxis(): { info: CubeInfo; axis: BandAxis } | undefined {
  const cube = useStudio((state) => state.cube);
  const decoded = useStudio((state) => state.result?.reconstruction);
  const stage = useStudio((state) => state.stage);
  return useMemo(() => {
    if (decoded && (stage === 'compare' || !cube)) {
      return { info: decoded.info, axis: bandAxis(decoded.info, decoded.codedBands) };
    }
    return cube && { info: cube.info, axis: bandAxis(cube.info) };
  }, [cube, decoded, stage]);
}
