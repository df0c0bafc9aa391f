import type { OpenedCube } from '../engine/api';
import type { OpenOptions } from '../formats/types';
import type { CubeOrigin } from './cube';
import type { CodecPane } from './panes';
import type { StudioState } from './store';

/** What belongs to a cube and is put aside while another one is looked at. */
const OWN = [
  'patch',
  'patchSize',
  'panes',
  'activePane',
  'stage',
  'colourMode',
  'rgbBands',
  'greyBand',
  'colourMap',
  'paneStretch',
  'sceneCamera',
  'compareCamera',
  'pins',
  'regions',
  'pinned',
  'closeUps',
] as const satisfies readonly (keyof StudioState)[];

export type CubeWork = Pick<StudioState, (typeof OWN)[number]>;

/** An open cube of the workspace. */
export interface OpenEntry {
  readonly cube: OpenedCube;
  readonly origin: CubeOrigin;
  readonly options: OpenOptions;
  /** Of a cube that is open and not looked at. */
  readonly work?: CubeWork;
}

export function workOf(state: StudioState): CubeWork {
  return Object.fromEntries(OWN.map((key) => [key, state[key]])) as unknown as CubeWork;
}

/** A file opened from disk that is compared with nothing yet: it may belong to the next cube. */
export const isLone = ({ result }: CodecPane) => result !== undefined && !result.original;

/** Without the results that move on to the next cube. */
export function withoutLone(work: CubeWork): CubeWork {
  const panes = work.panes.map((pane) => (isLone(pane) ? { ...pane, result: undefined } : pane));
  return { ...work, panes };
}
