import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gridCenters, VNIR_128 } from '../../src/core/cube/grids';
import { resample, resampleMatrix } from '../../src/core/cube/resample';
import { loadWindow } from '../../src/core/cube/window';
import { sampleScenes } from '../../src/core/samples';

/** Side of the simulated ground that is repeated; no multiple of blocks, so that nothing falls on their borders. */
const CELL = 251;
export const BANDS = VNIR_128.bands;

export interface SceneSize {
  readonly width: number;
  readonly height: number;
}

/** A sample scene on the grid, BIP. */
async function cell(): Promise<Float32Array> {
  const [scene] = sampleScenes;
  const cube = await loadWindow(scene.open(), { x: 0, y: 0, width: CELL, height: CELL });
  return resample(resampleMatrix(cube.wavelengthsNm ?? [], gridCenters(VNIR_128)), cube.data);
}

/** Back and forth over the cell, so that nothing breaks where it is repeated. */
function mirrored(at: number): number {
  const place = at % (2 * CELL - 2);
  return place < CELL ? place : 2 * CELL - 2 - place;
}

const light = (x: number, y: number) => 1 + 0.25 * Math.sin(x / 311) * Math.cos(y / 457);

/**
 * Writes an ENVI scene of float32 samples, simulated ground mirrored over and over under changing
 * light; the path of its header.
 */
export async function writeScene(
  folder: string,
  name: string,
  { width, height }: SceneSize,
  interleave: 'bip' | 'bsq',
): Promise<string> {
  const ground = await cell();
  const file = openSync(join(folder, `${name}.img`), 'w');
  const fill = (row: Float32Array, y: number, band: number, step: number, to: number) => {
    const line = mirrored(y) * CELL;
    for (let x = 0; x < width; x++) {
      row[x * step + to] = ground[(line + mirrored(x)) * BANDS + band] * light(x, y);
    }
  };
  if (interleave === 'bip') {
    const row = new Float32Array(width * BANDS);
    for (let y = 0; y < height; y++) {
      for (let band = 0; band < BANDS; band++) fill(row, y, band, BANDS, band);
      writeSync(file, row);
    }
  } else {
    const row = new Float32Array(width);
    for (let band = 0; band < BANDS; band++) {
      for (let y = 0; y < height; y++) {
        fill(row, y, band, 1, 0);
        writeSync(file, row);
      }
    }
  }
  closeSync(file);
  const nm = gridCenters(VNIR_128).map((centre) => centre.toFixed(4));
  const header = join(folder, `${name}.hdr`);
  writeFileSync(
    header,
    `ENVI\nsamples = ${width}\nlines = ${height}\nbands = ${BANDS}\nheader offset = 0\n` +
      `file type = ENVI Standard\ndata type = 4\ninterleave = ${interleave}\nbyte order = 0\n` +
      `wavelength units = Nanometers\nwavelength = {${nm.join(', ')}}\n`,
  );
  return header;
}
