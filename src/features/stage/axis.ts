import { useMemo } from 'react';
import type { CubeInfo } from '../../core/cube/types';
import { type BandAxis, shownImage } from '../../state/bands';
import { currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';

/** The image that the band choices speak of: the decoded one where that is on the stage. */
export function useShownAxis(): { info: CubeInfo; axis: BandAxis } | undefined {
  const cube = useStudio((state) => state.cube);
  const result = useStudio(currentResult);
  const stage = useStudio((state) => state.stage);
  return useMemo(() => shownImage({ cube, result, stage }), [cube, result, stage]);
}
