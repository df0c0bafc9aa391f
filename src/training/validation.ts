import { spread } from '../codecs/hific/windows';
import type { Codec, JobContext } from '../codecs/types';
import { storedRange } from '../core/bitstream/storedRange';
import { valueRange } from '../core/cube/normalize';
import type { HyperspectralCube, PixelWindow } from '../core/cube/types';
import { bdQuality } from '../core/metrics/bjontegaard';
import { distortion } from '../core/metrics/distortion';
import { rate } from '../core/metrics/rate';
import type { ValidationPoint } from './types';

/** Side of the windows that are validated on in a part too large to be coded whole, and their number. */
const WINDOW = 96;
const MOST_WINDOWS = 6;
/** A rate in bpp is a quotient: this much more of it is not one byte. */
const ROUNDING = 1e-9;

/** What is coded of a part that is held back: all of it, or windows spread over a large one. */
export function validationWindows(heldBack: PixelWindow): PixelWindow[] {
  if (heldBack.width * heldBack.height <= MOST_WINDOWS * WINDOW ** 2) return [heldBack];
  const width = Math.min(WINDOW, heldBack.width);
  const height = Math.min(WINDOW, heldBack.height);
  const grid = {
    width: Math.floor(heldBack.width / width),
    height: Math.floor(heldBack.height / height),
  };
  return spread(grid, MOST_WINDOWS).map(({ x, y }) => ({
    x: heldBack.x + x * width,
    y: heldBack.y + y * height,
    width,
    height,
  }));
}

/**
 * Codes the parts that are held back at every rate of `targets` and compares what their files
 * decode to, at the bands that are coded. `untuned`: points of the weights that training started
 * from, whose files' sizes are the budgets then. Means over the files; of PSNR in dB. Throws what
 * the codec throws.
 */
export async function validate(
  codec: Codec,
  cubes: readonly HyperspectralCube[],
  targets: readonly number[],
  untuned: readonly ValidationPoint[] | undefined,
  { signal, onProgress }: JobContext = {},
): Promise<ValidationPoint[]> {
  const points: ValidationPoint[] = [];
  for (const [i, target] of targets.entries()) {
    const files: FileFigures[] = [];
    for (const [j, cube] of cubes.entries()) {
      const done = (i * cubes.length + j) / (targets.length * cubes.length);
      onProgress?.(done, 'validating with files');
      const budget = (untuned?.[i].rates[j] ?? target) * (1 + ROUNDING);
      files.push(await measuredFile(codec, cube, budget, signal));
    }
    const mean = (figure: keyof FileFigures) =>
      files.reduce((sum, own) => sum + own[figure], 0) / files.length;
    const rates = files.map(({ bpp }) => bpp);
    points.push({ target, bpp: mean('bpp'), rates, psnr: mean('psnr'), sam: mean('sam') });
  }
  return points;
}

interface FileFigures {
  readonly bpp: number;
  readonly psnr: number;
  readonly sam: number;
}

async function measuredFile(
  codec: Codec,
  cube: HyperspectralCube,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<FileFigures> {
  const options = { rate: budget, bandPolicy: 'refuse', metadata: 'none' } as const;
  const { file } = await codec.encode(cube, options, { signal });
  const decoded = await codec.decode(file, { bandsFrom: cube.wavelengthsNm }, { signal });
  const range = storedRange(valueRange(cube));
  const { data, bands, noDataValue } = cube;
  const { psnr, samDegrees } = distortion(data, decoded.cube.data, bands, range, noDataValue);
  return { bpp: rate(file.byteLength, cube, cube.sampleType).bpp, psnr, sam: samDegrees };
}

/** BD-PSNR of validation points over those of the untuned weights, dB; 0 where no rate is shared. */
export function gainOver(
  untuned: readonly ValidationPoint[],
  tuned: readonly ValidationPoint[],
): number {
  const curve = (points: readonly ValidationPoint[]) =>
    points.map(({ bpp, psnr }) => ({ rate: bpp, quality: psnr }));
  return bdQuality(curve(untuned), curve(tuned)).delta ?? 0;
}
