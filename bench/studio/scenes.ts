import { closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SceneShape {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** Detector counts of a rough scene: fields of some hundred pixels with finer texture on them. */
function texture({ width, height }: SceneShape): Uint16Array {
  const counts = new Uint16Array(width * height);
  let noise = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const field = 1 + Math.sin(x / 37) * Math.cos(y / 53) + 0.3 * Math.sin((x + y) / 5);
      counts[at] = 600 + 900 * field + (noise >>> 26);
    }
  }
  return counts;
}

/**
 * Writes an ENVI scene of float32 samples, band after band, every byte of it; paths of the data and
 * of the header. Wavelengths run over 400–1000 nm.
 */
export function writeEnvi(folder: string, name: string, shape: SceneShape): string[] {
  const { width, height, bands } = shape;
  const data = join(folder, `${name}.img`);
  const ground = texture(shape);
  const plane = new Float32Array(ground.length);
  const file = openSync(data, 'w');
  try {
    for (let band = 0; band < bands; band++) {
      const gain = 0.4 + 0.6 * Math.sin((Math.PI * (band + 1)) / (bands + 1));
      const shift = Math.imul(band, 7);
      for (let i = 0; i < plane.length; i++) plane[i] = ground[i] * gain + ((i * 31 + shift) & 15);
      writeSync(file, plane);
    }
    // What is still on its way to the disk would slow the reading that is measured.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const nm = Array.from({ length: bands }, (_, band) =>
    (400 + (600 * band) / (bands - 1)).toFixed(2),
  );
  const header = join(folder, `${name}.hdr`);
  writeFileSync(
    header,
    `ENVI\nsamples = ${width}\nlines = ${height}\nbands = ${bands}\nheader offset = 0\n` +
      'file type = ENVI Standard\ndata type = 4\ninterleave = bsq\nbyte order = 0\n' +
      `wavelength units = Nanometers\nwavelength = {${nm.join(', ')}}\n`,
  );
  return [data, header];
}
