import { useMemo } from 'react';
import type { CubeInfo, PixelWindow } from '../../core/cube/types';
import type { OpenedCube } from '../../engine/api';
import { bandAxis, placesOf } from '../../state/bands';
import { fitsWindow } from '../../state/canvas';
import { type CodecPane, currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { codecStyle, type Shades } from '../../ui/codecStyle';
import { bytes, small } from '../../ui/format';
import { useComparedWindow } from '../compare/useWindow';
import { ORIGINAL_SHADES } from './markShades';

/** An image that spectra are read of. */
export interface SpectrumSource {
  readonly key: string;
  readonly role: 'original' | 'reconstruction';
  readonly name: string;
  /** File, codec and rate, for captions and exports. */
  readonly about: string;
  readonly shades: Shades;
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
  return useMemo(() => {
    const shown = comparing && window ? panesIn(panes, window, cube?.id) : [];
    const compared = !comparing || !active || active.original?.cube === cube?.id;
    return [
      ...(cube && compared ? [originalSource(cube)] : []),
      ...shown.map(({ pane, number }) =>
        reconstructionSource(pane, shown.length > 1 ? number : undefined),
      ),
    ];
  }, [cube, panes, active, comparing, window]);
}

type ShownPane = CodecPane & { readonly result: Result };

/** Panes that show the window, with their numbers. */
function panesIn(panes: readonly CodecPane[], window: PixelWindow, cube: string | undefined) {
  return panes.flatMap((pane, i) =>
    pane.result && fitsWindow(pane, window, cube)
      ? [{ pane: pane as ShownPane, number: i + 1 }]
      : [],
  );
}

function originalSource({ id, info }: OpenedCube): SpectrumSource {
  const axis = bandAxis(info);
  return {
    key: 'original',
    role: 'original',
    name: 'Original',
    about: `${info.name}, ${info.sampleType}`,
    shades: ORIGINAL_SHADES,
    cube: id,
    window: { x: 0, y: 0, width: info.width, height: info.height },
    bands: axis.bands,
    xs: placesOf(axis),
    info,
  };
}

/** `number`: of the pane, where several are shown. */
function reconstructionSource({ id: key, result }: ShownPane, number?: number): SpectrumSource {
  const { info, codedBands, codec, codecLabel, id } = result.reconstruction;
  const axis = bandAxis(info, codedBands);
  const { x, y } = result.original?.window ?? { x: 0, y: 0 };
  return {
    key: number === undefined ? 'reconstruction' : key,
    role: 'reconstruction',
    name: number === undefined ? 'Reconstruction' : `${number} ${codecLabel}`,
    about: `${codecLabel}, ${result.fileName}, ${bytes(result.rate.bytes)}, ${small(result.rate.bpp)} bpp`,
    shades: codecStyle(codec).colour,
    cube: id,
    window: { x, y, width: info.width, height: info.height },
    bands: codedBands,
    xs: placesOf(axis),
    info,
  };
}
