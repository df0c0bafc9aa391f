import type { CubeInfo, PixelWindow } from '../core/cube/types';
import type { AttentionRequest, BlockGates } from '../engine/attention';
import { fitWindow } from './patch';
import type { Engine } from './store';

/** Gates of patches spread over the scene. */
export interface AttentionPopulation {
  readonly cubeName: string;
  readonly windows: readonly PixelWindow[];
  /** Of each patch that has been read, in the order of `windows`. */
  readonly patches: readonly (readonly BlockGates[])[];
  readonly state: 'running' | 'cancelling' | 'cancelled' | 'done';
  /** 0..1 */
  readonly done: number;
}

/** How many patches a population can have: squares, so that rows and columns are alike. */
export const SURVEY_COUNTS = [4, 9, 16, 25] as const;
export type SurveyCount = (typeof SURVEY_COUNTS)[number];

/** `count` windows spread over a cube that share no pixel: smaller than the patch where need be. */
export function surveyWindows(
  count: SurveyCount,
  patch: Pick<PixelWindow, 'width' | 'height'>,
  cube: Pick<CubeInfo, 'width' | 'height'>,
): PixelWindow[] {
  const side = Math.sqrt(count);
  const width = Math.max(1, Math.min(patch.width, Math.floor(cube.width / side)));
  const height = Math.max(1, Math.min(patch.height, Math.floor(cube.height / side)));
  const places = Array.from({ length: side }, (_, i) => (i + 0.5) / side);
  return places.flatMap((v) =>
    places.map((u) => {
      const x = Math.floor(u * cube.width - width / 2);
      const y = Math.floor(v * cube.height - height / 2);
      return fitWindow({ x, y, width, height }, cube);
    }),
  );
}

type Step = (patches: AttentionPopulation['patches'], done: number) => void;

/** Reads one patch after the other. Throws what reading throws; what was read is told before. */
export async function readPatches(
  engine: Engine,
  wanted: AttentionRequest,
  windows: readonly PixelWindow[],
  signal: AbortSignal,
  onStep: Step,
): Promise<void> {
  const patches: (readonly BlockGates[])[] = [];
  const share = (done: number) => (patches.length + done) / windows.length;
  for (const window of windows) {
    const onProgress = (done: number) => onStep(patches, share(done));
    const { blocks } = await engine.attend({ ...wanted, window }, { signal, onProgress });
    patches.push(blocks);
    onStep([...patches], share(0));
  }
}
