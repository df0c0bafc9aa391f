import { version } from '../../package.json';
import type { CodecMeta } from '../codecs/types';
import type { CubeInfo, PixelWindow } from '../core/cube/types';
import { bandLabel, onStage, shownImage } from '../state/bands';
import { isFittedByLooks } from '../state/panes';
import type { Result } from '../state/result';
import type { StudioState } from '../state/store';
import type { CaptionLine } from '../ui/FigureSheet';
import { bytes, count, fixed, significant, small } from '../ui/format';
import { lostText } from './lostText';

/** Lines below exported figures: what is shown, made how, of what. */

/** The lines of a caption, and who made the figure. */
export function captionOf(...texts: readonly string[]): readonly CaptionLine[] {
  const made = `HSI Compression Studio ${version}; reconstructions are decoded from the bytes of files.`;
  return [...texts, made].map((text) => ({ text }));
}

/** `field.img: patch of 96 × 96 pixels at (80, 80), 150 bands.` */
export function placeText(
  info: Pick<CubeInfo, 'name' | 'width' | 'height' | 'bands'>,
  window: PixelWindow | undefined,
): string {
  const { name, width, height, bands } = info;
  const whole = !window || (window.width === width && window.height === height);
  const place = whole
    ? `whole scene, ${count(width)} × ${count(height)} pixels`
    : `patch of ${window.width} × ${window.height} pixels at (${window.x}, ${window.y})`;
  return `${name}: ${place}, ${bands} bands.`;
}

/** `HiFiC SE, fidelity stage`: learned codecs have weights of two stages of training. */
export function codecText({ label, family, perceptual }: CodecMeta): string {
  return family === 'hific' ? `${label}, ${perceptual ? 'GAN' : 'fidelity'} stage` : label;
}

/** What a file was asked to be: `HiFiC SE, fidelity stage, target 0.60 bpp`. */
export function askedText(codec: CodecMeta, target: number | undefined): string {
  const rate = codec.rateRange && target !== undefined ? `, target ${fixed(target, 2)} bpp` : '';
  return `${codecText(codec)}${rate}`;
}

/** What made a result and what it takes: codec, stage, target rate, file, rate. */
export function resultText({ codecs }: Pick<StudioState, 'codecs'>, result: Result): string {
  const { reconstruction, rate, fileName, madeBy } = result;
  const codec = codecs.find(({ id }) => id === reconstruction.codec);
  const asked = codec ? askedText(codec, madeBy?.rate) : reconstruction.codecLabel;
  const parts = [
    asked,
    madeBy && isFittedByLooks(codec, madeBy) && 'perceptual fit',
    fileName,
    bytes(rate.bytes),
    `${small(rate.bpp)} bpp`,
    lostText(reconstruction),
  ];
  return parts.filter(Boolean).join(', ');
}

/** The figures of a result, where it is compared: `28.31 dB, 2.10°`. */
export function qualityText({ distortion }: Result): string {
  return distortion ? `${fixed(distortion.psnr, 2)} dB, ${fixed(distortion.samDegrees, 2)}°` : '';
}

/** The place of a result in its original, or all that is known of a file that stands alone. */
export function resultPlaceText(state: StudioState, result: Result): string {
  const { cube } = state;
  const { original, reconstruction, fileName } = result;
  if (cube && original?.cube === cube.id) return placeText(cube.info, original.window);
  return placeText({ ...reconstruction.info, name: fileName }, undefined);
}

/** Bands or components, colour map and stretch of the pictures on the stage. */
export function viewText(state: StudioState): string {
  const { colourMode, rgbBands, greyBand, colourMap, percentiles } = state;
  const axis = shownImage(onStage(state))?.axis;
  const label = (band: number) => (axis ? bandLabel(axis, band) : `band ${band + 1}`);
  const bands = {
    colour: `Red, green, blue: ${rgbBands.map(label).join(', ')}`,
    grey: `${label(greyBand)} in ${colourMap}`,
    components: 'Red, green, blue: principal components 1, 2, 3',
  }[colourMode];
  return `${bands}; stretched between percentiles ${percentiles.join(' and ')}.`;
}

/** The same in rooms that show no components: there the three bands stand in their place. */
export function bandsText(state: StudioState): string {
  const { colourMode } = state;
  return viewText({ ...state, colourMode: colourMode === 'components' ? 'colour' : colourMode });
}

/** The unit of samples: of the original, where it is open, which a file need not name. */
export function unitOf(
  { cube }: Pick<StudioState, 'cube'>,
  { original, reconstruction }: Result,
): string | undefined {
  const of = original && original.cube === cube?.id ? cube.info : reconstruction.info;
  return of.units;
}

/** Both ends of a scale, the upper one with its unit. */
export function scaleEnds(low: number, high: number, unit: string | undefined) {
  return { low: significant(low), high: `${significant(high)}${unit ? ` ${unit}` : ''}` };
}
