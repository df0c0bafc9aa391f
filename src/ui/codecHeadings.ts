/** What the families of codecs are called for people, in the order in which they are listed. */
const HEADINGS: Readonly<Record<string, string>> = {
  hific: 'Learned',
  perceptual: 'Learned, for looks',
  hyperprior: 'Learned, entropy-coded',
  autoencoder: 'Learned, fixed rate',
  jpeg2000: 'JPEG 2000',
  wavelet: '3-D wavelets',
  dct: 'Cosine transform',
  lossless: 'Lossless',
};
const OTHERS = 'Others';

interface Kind {
  readonly family: string;
  readonly perceptual?: boolean;
}

/** Heading that a codec stands under wherever codecs are listed. */
export function headingOf({ family, perceptual }: Kind): string {
  return HEADINGS[perceptual ? 'perceptual' : family] ?? OTHERS;
}

/** The codecs by their headings, in their own order below each. */
export function byHeading<T extends Kind>(
  codecs: readonly T[],
): { heading: string; members: T[] }[] {
  return [...Object.values(HEADINGS), OTHERS]
    .map((heading) => ({ heading, members: codecs.filter((one) => headingOf(one) === heading) }))
    .filter(({ members }) => members.length > 0);
}
