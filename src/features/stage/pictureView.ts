import { useMemo } from 'react';
import type { ColourMap } from '../../core/cube/colourMaps';
import type { PictureSource } from '../../engine/api';
import { type BandAxis, bandAxis, positionOf } from '../../state/bands';
import { type ComponentsChoice, componentsChoice } from '../../state/components';
import { currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';

/** What all panes show, in the band numbers of the original. */
export interface PictureView {
  readonly bands: readonly number[];
  /** Set while principal components are shown. */
  readonly components?: ComponentsChoice;
  readonly colourMap: ColourMap;
}

export function usePictureView(): PictureView {
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const colourMap = useStudio((state) => state.colourMap);
  const cube = useStudio((state) => state.cube);
  const result = useStudio(currentResult);
  const stage = useStudio((state) => state.stage);
  return useMemo(
    () => ({
      bands: mode === 'grey' ? [grey] : rgb,
      components: mode === 'components' ? componentsChoice({ cube, result, stage }) : undefined,
      colourMap,
    }),
    [mode, grey, rgb, colourMap, cube, result, stage],
  );
}

const MAX_SIDE = 4096;

/** The whole of the open cube. */
export function useSceneSource(): PictureSource | undefined {
  const cube = useStudio((state) => state.cube);
  const view = usePictureView();
  return cube && { cube: cube.id, ...bandsOf(view, bandAxis(cube.info)), maxSide: MAX_SIDE };
}

/**
 * The bands of a picture of one cube. `axis` names the bands that the cube holds; where `like` is
 * given, the bands nearest to the view's on that axis are shown instead, so that an original shows
 * what its reconstruction can.
 */
export function bandsOf(
  { bands, components }: PictureView,
  axis: BandAxis,
  like = axis,
): Pick<PictureSource, 'bands' | 'components'> {
  const own = (band: number) => positionOf(axis, like.bands[positionOf(like, band)]);
  if (!components) return { bands: bands.map(own) };
  const { of, bands: numbers, positions } = components;
  return { bands: numbers.map(own), components: { of, bands: positions } };
}
