import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'golden');

/** Shape of the images that `scripts/format_golden_gdal.py` makes. */
export const SHAPE = { width: 19, height: 11, bands: 3 } as const;

export function goldenFile(name: string): string {
  return join(FOLDER, name);
}

/** The images whose samples and type follow from their name. */
export function goldenNames(): string[] {
  return readdirSync(FOLDER).filter((name) => /int\d|float\d/.test(name));
}

/** The samples of an image with this type in its name, band-interleaved by pixel. */
export function synthetic(name: string): number[] {
  const { width, height, bands } = SHAPE;
  const samples: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let b = 0; b < bands; b++) {
        const value = (7 * x + 31 * y + 101 * b) % 251;
        if (name.includes('float')) samples.push((value - 120) / 8);
        else if (name.includes('uint8')) samples.push(value);
        else samples.push((value - (name.includes('uint') ? 0 : 120)) * 250);
      }
    }
  }
  return samples;
}
