import type { CubeInfo } from '../core/cube/types';
import { bandAxis, trueColour } from './bands';
import type { StudioState } from './store';

type Kept = Pick<
  StudioState,
  'patch' | 'sceneCamera' | 'compareCamera' | 'colourMode' | 'greyBand' | 'rgbBands' | 'pinned'
>;

/**
 * What stays of the view where the same file is read again with other metadata: patch, cameras and
 * pin of an image of the same size, and its bands unless they were only the first look's.
 * Undefined where the size has changed.
 */
export function keptView(state: StudioState, before: CubeInfo, now: CubeInfo): Kept | undefined {
  if (before.width !== now.width || before.height !== now.height) return undefined;
  if (before.bands !== now.bands) return undefined;
  const { patch, sceneCamera, compareCamera, pinned, colourMode, greyBand } = state;
  const chosen = state.rgbBands;
  const untouched = trueColour(before, bandAxis(before)).every((band, i) => band === chosen[i]);
  const shownNow = now.defaultBands?.join() !== before.defaultBands?.join();
  const first = (shownNow && now.defaultBands) || trueColour(now, bandAxis(now));
  const rgbBands = untouched || shownNow ? first : chosen;
  return { patch, sceneCamera, compareCamera, colourMode, greyBand, rgbBands, pinned };
}
