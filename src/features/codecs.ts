import type { CodecMeta } from '../codecs/types';

/** How codecs are named and grouped wherever the user chooses among them. */

const GROUPS: Readonly<Record<string, string>> = {
  hific: 'Learned',
  jpeg2000: 'JPEG 2000',
  'klt-jpeg2000': 'JPEG 2000',
  'pca-jpeg2000': 'JPEG 2000',
  lossless: 'Lossless',
};

/** Heading that a codec stands under. */
export function codecGroup({
  family,
  perceptual,
}: Pick<CodecMeta, 'family' | 'perceptual'>): string {
  if (perceptual) return 'Learned, for looks';
  return GROUPS[family] ?? 'Others';
}

/** The description without its citation. */
export function firstSentence(text: string): string {
  return text.match(/^.*?[.](?=\s|$)/)?.[0] ?? text;
}
