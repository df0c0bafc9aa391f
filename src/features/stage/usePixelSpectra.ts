import type { PixelWindow } from '../../core/cube/types';
import type { OpenedCube, Reconstruction } from '../../engine/api';
import { useStudio } from '../../state/react';
import type { Pixel } from '../../state/view';
import { useSpectrum } from './useSpectrum';

export interface PixelSpectra {
  readonly pixel: Pixel | undefined;
  readonly chosenBy: 'hover' | 'pin' | 'middle';
  readonly cube: OpenedCube | undefined;
  /** At all bands of the original. */
  readonly original: Float32Array | undefined;
  readonly decoded: Reconstruction | undefined;
  /** At the bands that the file holds. */
  readonly restored: Float32Array | undefined;
}

function middleOf(window: PixelWindow | undefined): Pixel | undefined {
  return window && { x: window.x + (window.width >> 1), y: window.y + (window.height >> 1) };
}

function within(window: PixelWindow, pixel: Pixel): Pixel | undefined {
  const at = { x: pixel.x - window.x, y: pixel.y - window.y };
  return at.x >= 0 && at.y >= 0 && at.x < window.width && at.y < window.height ? at : undefined;
}

/** Spectra of the pixel under the cursor, else of the pinned one, else of the patch's middle. */
export function usePixelSpectra(): PixelSpectra {
  const cube = useStudio((state) => state.cube);
  const result = useStudio((state) => state.result);
  const comparing = useStudio((state) => state.stage === 'compare' || !state.cube);
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const patch = useStudio((state) => state.patch);

  const decoded = comparing ? result?.reconstruction : undefined;
  const corner = result?.original?.window ?? { x: 0, y: 0 };
  const window = decoded
    ? { x: corner.x, y: corner.y, width: decoded.info.width, height: decoded.info.height }
    : patch;
  const pixel = hovered ?? pinned ?? middleOf(window);
  const compared = !decoded || result?.original?.cube === cube?.id;
  const original = useSpectrum(compared ? cube?.id : undefined, pixel);
  const restored = useSpectrum(decoded?.id, pixel && window && within(window, pixel));
  const chosenBy = hovered ? 'hover' : pinned ? 'pin' : 'middle';
  return { pixel, chosenBy, cube, original, decoded, restored };
}
