import { mkdir, writeFile } from 'node:fs/promises';

interface MadeCube {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  /** Counted from 0; filled with noise. */
  readonly noisy?: readonly number[];
}

/** Bytes of a `.npy` cube (uint16, rows × columns × bands) of smooth fields, without wavelengths. */
export function npyCube({ width, height, bands, noisy = [] }: MadeCube): Uint8Array<ArrayBuffer> {
  const dict = `{'descr': '<u2', 'fortran_order': False, 'shape': (${height}, ${width}, ${bands}), }`;
  const head = new TextEncoder().encode(`${dict.padEnd(117)}\n`);
  const bytes = new Uint8Array(128 + 2 * width * height * bands);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0]);
  bytes.set(head, 10);
  const samples = new Uint16Array(bytes.buffer, 128);
  const isNoisy = new Set(noisy);
  let seed = 7;
  const noise = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let i = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 1 + 0.6 * Math.sin(x / 9) * Math.cos(y / 7);
      for (let band = 0; band < bands; band++, i++) {
        const shape = 1 + Math.sin((band / bands) * 5 + (x > width / 2 ? 1 : 0));
        samples[i] = isNoisy.has(band) ? 3000 * noise() : 1500 * light * shape + 40 * noise();
      }
    }
  }
  return bytes;
}

export async function writeNpyCube(path: string, cube: MadeCube): Promise<string> {
  await writeFile(path, npyCube(cube));
  return path;
}

const SMALL = { width: 48, height: 40, bands: 24 };

/** Two small cubes and a damaged one. */
export async function folderOfCubes(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  await writeNpyCube(`${path}/one.npy`, SMALL);
  await writeFile(`${path}/two.npy`, npyCube(SMALL).subarray(0, 5000));
  await writeNpyCube(`${path}/three.npy`, { ...SMALL, width: 52 });
  await writeFile(`${path}/readme.md`, 'Three cubes.');
  return path;
}

/** Writes an ENVI cube of smooth fields (uint8, BIP, 400–1000 nm) of any size; the paths of its files. */
export async function writeEnviCube(
  base: string,
  { width, height, bands }: MadeCube,
): Promise<string[]> {
  const samples = new Uint8Array(width * height * bands);
  for (let i = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 1 + 0.6 * Math.sin(x / 19) * Math.cos(y / 17);
      const slope = x > width / 2 ? 30 : 50;
      for (let band = 0; band < bands; band++, i++) {
        samples[i] = light * (40 + (slope * band) / bands);
      }
    }
  }
  const nm = Array.from({ length: bands }, (_, band) =>
    (400 + (600 * band) / (bands - 1)).toFixed(3),
  );
  await writeFile(
    `${base}.hdr`,
    `ENVI\nsamples = ${width}\nlines = ${height}\nbands = ${bands}\nheader offset = 0\n` +
      'file type = ENVI Standard\ndata type = 1\ninterleave = bip\nbyte order = 0\n' +
      `wavelength units = Nanometers\nwavelength = {${nm.join(', ')}}\n`,
  );
  await writeFile(`${base}.img`, samples);
  return [`${base}.hdr`, `${base}.img`];
}
