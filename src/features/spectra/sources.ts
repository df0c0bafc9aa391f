import { useMemo } from 'react';
import type { CubeInfo, PixelWindow } from '../../core/cube/types';
import type { OpenedCube } from '../../engine/api';
import { bandAxis, placesOf } from '../../state/bands';
import { fitsWindow } from '../../state/canvas';
import { currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { ORIGINAL } from '../../ui/chartPalette';
import type { PaneStyle, Shades } from '../../ui/codecStyle';
import { useComparedWindow } from '../compare/useWindow';
import { resultText } from '../figureCaption';
import { paneName, usePaneStyles } from '../paneStyle';

/** An image that spectra are read of. */
export interface SpectrumSource {
  readonly key: string;
  readonly role: 'original' | 'reconstruction';
  readonly name: string;
  /** File, codec and rate, for captions and exports. */
  readonly about: string;
  readonly shades: Shades;
  /** SVG dash pattern; a solid line by default. */
  readonly dash?: string;
  /** The engine's id. */
  readonly cube: string;
  /** The part of the original that it covers, in the original's pixels. */
  readonly window: PixelWindow;
  /** Band numbers of the original behind its bands. */
  readonly bands: readonly number[];
  /** Where its bands lie on the axis: nm, or band numbers from 1. */
  readonly xs: readonly number[];
  readonly info: CubeInfo;
}

/** What one plot shows: the original first, then the reconstruction of every pane on the stage. */
export function useSpectrumSources(): readonly SpectrumSource[] {
  const cube = useStudio((state) => state.cube);
  const panes = useStudio((state) => state.panes);
  const active = useStudio(currentResult);
  const comparing = useStudio((state) => state.stage === 'compare' || !state.cube);
  const window = useComparedWindow();
  const styles = usePaneStyles();
  const codecs = useStudio((state) => state.codecs);
  return useMemo(() => {
    const shown =
      comparing && window ? panes.filter((pane) => fitsWindow(pane, window, cube?.id)) : [];
    const compared = !comparing || !active || active.original?.cube === cube?.id;
    return [
      ...(cube && compared ? [originalSource(cube)] : []),
      ...shown.flatMap((pane) => {
        const { id, result } = pane;
        const style = styles.get(id);
        if (!result || !style) return [];
        const several = shown.length > 1 && { key: id, name: paneName(pane, panes) };
        const about = resultText({ codecs }, result);
        return [{ ...reconstructionSource(result, style), about, ...several }];
      }),
    ];
  }, [cube, panes, active, comparing, window, styles, codecs]);
}

function originalSource({ id, info }: OpenedCube): SpectrumSource {
  const axis = bandAxis(info);
  return {
    key: 'original',
    role: 'original',
    name: 'Original',
    about: `${info.name}, ${info.sampleType}`,
    shades: ORIGINAL,
    cube: id,
    window: { x: 0, y: 0, width: info.width, height: info.height },
    bands: axis.bands,
    xs: placesOf(axis),
    info,
  };
}

function reconstructionSource(
  { reconstruction, original }: Result,
  { colour, dash }: PaneStyle,
): Omit<SpectrumSource, 'about'> {
  const { info, codedBands, id } = reconstruction;
  const { x, y } = original?.window ?? { x: 0, y: 0 };
  return {
    key: 'reconstruction',
    role: 'reconstruction',
    name: 'Reconstruction',
    shades: colour,
    dash,
    cube: id,
    window: { x, y, width: info.width, height: info.height },
    bands: codedBands,
    xs: placesOf(bandAxis(info, codedBands)),
    info,
  };
}
