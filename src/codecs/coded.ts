import type { HscHeader } from '../core/bitstream/header';
import type { HscMetadata } from '../core/bitstream/metadata';
import type { CubeInfo, HyperspectralCube, SampleArray, SampleType } from '../core/cube/types';
import { selectBands } from '../core/cube/window';
import { HscError } from '../core/errors';
import type { NativeBands } from './bands';

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
export function notesOf(
  info: CubeInfo,
  codedBands: readonly number[],
  pixelsWithGaps: number,
): string[] {
  const notes: string[] = [];
  if (pixelsWithGaps > 0) {
    notes.push(
      `${pixelsWithGaps} of ${info.width * info.height} pixels had samples without data; they were filled ` +
        'from their neighbours before encoding, and the file does not mark them.',
    );
  }
  return [...notes, ...bandNotes(info, codedBands)];
}

/** Says so where a file does not hold all bands. */
export function bandNotes({ bands }: CubeInfo, codedBands: readonly number[]): string[] {
  return codedBands.length < bands
    ? [`The file holds ${codedBands.length} of ${bands} bands.`]
    : [];
}

/** Share of a budget below which a file of a model's highest rate is worth a word. */
const FILLED = 0.97;

/**
 * What a user should know where no rate of a model fits a budget or fills it: the model's own, without the full stop.
 * `isHighest`: whether the file, of so many bytes, is of the highest rate.
 */
export function rateNote(
  bytes: number,
  budget: number,
  isHighest: boolean,
  { width, height }: { readonly width: number; readonly height: number },
): string | undefined {
  if (bytes <= budget && !(isHighest && bytes < FILLED * budget)) return undefined;
  const end = bytes > budget ? 'lowest' : 'highest';
  return `The ${end} rate of this model for this image is ${bppText(bytes, width * height)} bpp`;
}

export function bppText(bytes: number, pixels: number): string {
  return ((8 * bytes) / pixels).toFixed(3);
}

const NOTHING_OF_BANDS = {
  wavelengthsNm: undefined,
  fwhmNm: undefined,
  bandNames: undefined,
  badBands: undefined,
  defaultBands: undefined,
};

/**
 * Everything that a file says of its cube; `sampleType` is that of the decoded samples, which lossy
 * codecs give back as float32.
 */
export function restoredInfo(
  header: HscHeader,
  metadata: HscMetadata | undefined,
  native: NativeBands,
  sampleType: SampleType = 'float32',
): CubeInfo {
  const { selection: _, ...told } = metadata ?? {};
  // What is told of the file's own bands is not of the grid's that stand in for them.
  const info = native.substituted ? { ...told, ...NOTHING_OF_BANDS } : told;
  const note =
    'The file carries no band centres: the image is shown at the bands of the model’s own grid.';
  return {
    ...info,
    name: metadata?.name || 'decoded',
    width: header.width,
    height: header.height,
    bands: native.positionsNm.length,
    sampleType,
    wavelengthsNm: native.wavelengthsNm ?? metadata?.wavelengthsNm,
    notes: native.substituted ? [...(metadata?.notes ?? []), note] : metadata?.notes,
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
