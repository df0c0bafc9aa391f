import { gridCenters, VNIR_128 } from '../src/core/cube/grids';
import { resample, resampleMatrix } from '../src/core/cube/resample';
import type { HyperspectralCube } from '../src/core/cube/types';
import { loadWindow } from '../src/core/cube/window';
import { sampleScenes } from '../src/core/samples';

/** Side of the patch in pixels. */
export const SIDE = 96;

/** A patch of a simulated scene on the model's own 128 bands. */
export async function patch(): Promise<HyperspectralCube> {
  const [scene] = sampleScenes;
  const source = scene.open();
  const cube = await loadWindow(source, { x: 0, y: 0, width: SIDE, height: SIDE });
  const wavelengthsNm = gridCenters(VNIR_128);
  const onGrid = resample(resampleMatrix(cube.wavelengthsNm ?? [], wavelengthsNm), cube.data);
  const data = Uint16Array.from(onGrid, Math.round);
  return { ...cube, bands: VNIR_128.bands, wavelengthsNm, sampleType: 'uint16', data };
}
