import { useMemo } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import { bandAxis, positionOf } from '../../state/bands';
import { useStudio } from '../../state/react';
import { usePicture } from './usePicture';

const MAX_SIDE = 2048;

/** The window of the original that stands beside the reconstruction. */
export function useComparedWindow(): PixelWindow | undefined {
  const result = useStudio((state) => state.result);
  const patch = useStudio((state) => state.patch);
  return useMemo(() => {
    if (result?.original) return result.original.window;
    if (!result) return patch;
    const { width, height } = result.reconstruction.info;
    return { x: 0, y: 0, width, height };
  }, [result, patch]);
}

/**
 * Pictures of both sides. The decoded picture's own percentiles stretch both, so that it looks
 * the same whether or not the original is open.
 */
export function usePicturePair(window: PixelWindow | undefined) {
  const cube = useStudio((state) => state.cube);
  const result = useStudio((state) => state.result);
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const percentiles = useStudio((state) => state.percentiles);
  const wanted = mode === 'grey' ? [grey] : rgb;
  const decoded = result?.reconstruction;
  const axis = decoded && bandAxis(decoded.info, decoded.codedBands);
  const positions = axis ? wanted.map((band) => positionOf(axis, band)) : [];
  const reconstruction = usePicture(
    decoded && {
      cube: decoded.id,
      window: { x: 0, y: 0, width: decoded.info.width, height: decoded.info.height },
      bands: positions,
      stretch: percentiles,
      maxSide: MAX_SIDE,
    },
  );
  const stretch = decoded ? reconstruction.picture?.stretch : percentiles;
  const comparable = cube && window && (!result || result.original?.cube === cube.id);
  const original = usePicture(
    comparable && stretch
      ? {
          cube: cube.id,
          window,
          bands: axis ? positions.map((position) => axis.bands[position]) : wanted,
          stretch,
          maxSide: MAX_SIDE,
        }
      : undefined,
  );
  return { original, reconstruction };
}
