import type { HscHeader } from '../core/bitstream/header';
import type { HscMetadata } from '../core/bitstream/metadata';
import type { CubeInfo, HyperspectralCube, SampleArray, SampleType } from '../core/cube/types';
import { selectBands } from '../core/cube/window';
import { HscError } from '../core/errors';
import type { NativeBands } from './bands';
import { pixelsWithGaps } from './gaps';

/** The samples of the coded bands, BIP, as the value range is taken of them. */
export function codedSamples(
  cube: HyperspectralCube,
  codedBands: readonly number[],
): { readonly data: SampleArray; readonly noDataValue?: number } {
  const all = codedBands.length === cube.bands;
  const data = all ? cube.data : selectBands(cube.data, cube.bands, codedBands);
  return { data, noDataValue: cube.noDataValue };
}

/** What a user should know of how a lossy codec took a cube in. */
export function notesOf(cube: HyperspectralCube, codedBands: readonly number[]): string[] {
  const notes: string[] = [];
  const gaps = pixelsWithGaps(cube, codedBands);
  if (gaps > 0) {
    notes.push(
      `${gaps} of ${cube.width * cube.height} pixels had samples without data; they were filled ` +
        'from their neighbours before encoding, and the file does not mark them.',
    );
  }
  return [...notes, ...bandNotes(cube, codedBands)];
}

/** Says so where a file does not hold all bands. */
export function bandNotes({ bands }: CubeInfo, codedBands: readonly number[]): string[] {
  return codedBands.length < bands
    ? [`The file holds ${codedBands.length} of ${bands} bands.`]
    : [];
}

/**
 * The decoded cube with everything that the file says of it; `sampleType` is that of `data`, which
 * lossy codecs give back as float32.
 */
export function restoredCube(
  header: HscHeader,
  metadata: HscMetadata | undefined,
  native: NativeBands,
  data: SampleArray,
  sampleType: SampleType = 'float32',
): HyperspectralCube {
  const { selection: _, ...info } = metadata ?? {};
  const note =
    'The file carries no band centres: the image is shown at the bands of the model’s own grid.';
  return {
    ...info,
    name: metadata?.name ?? 'decoded',
    width: header.width,
    height: header.height,
    bands: native.positionsNm.length,
    sampleType,
    wavelengthsNm: native.wavelengthsNm ?? metadata?.wavelengthsNm,
    notes: native.substituted ? [...(metadata?.notes ?? []), note] : metadata?.notes,
    data,
  };
}

/** Bytes that a whole file of that rate has. Throws `bad-argument` for what is no rate. */
export function budgetOf(
  rate: number,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new HscError('bad-argument', `The rate must be a positive number of bpp, not ${rate}.`);
  }
  return Math.floor((rate * width * height) / 8);
}
