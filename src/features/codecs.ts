import type { CodecCard } from '../engine/api';
import type { TunedWeights } from '../engine/tuningTypes';
import { useStudio } from '../state/react';
import { isTuned, shippedCodec } from '../state/tuningSettings';
import { headingOf } from '../ui/codecHeadings';
import type { Choice } from '../ui/controls';
import { lineageText } from './tuning/words';

/** How codecs are named and grouped wherever the user chooses among them. */

/** The description without its citation. */
export function firstSentence(text: string): string {
  return text.match(/^.*?[.](?=\s|$)/)?.[0] ?? text;
}

/** What stands in the place of a rate for a codec that takes none. */
export function withoutRate({ family }: Pick<CodecCard, 'family'>): {
  readonly short: string;
  readonly sentence: string;
} {
  return family === 'lossless'
    ? {
        short: 'Lossless: no rate to choose',
        sentence: 'Every sample is restored exactly; the size follows from them.',
      }
    : {
        short: 'One rate of its own',
        sentence: 'The network has one compression ratio; the size follows from the image.',
      };
}

/** The codecs in their order, those with tuned weights after the one that they come from. */
export function underVariants<T extends { readonly id: string }>(codecs: readonly T[]): T[] {
  const tuned = codecs.filter(({ id }) => isTuned(id));
  const shipped = codecs.filter(({ id }) => !isTuned(id));
  const known = new Set(shipped.map(({ id }) => id));
  const own = (id: string) => tuned.filter((one) => shippedCodec(one.id) === id);
  return [
    ...shipped.flatMap((codec) => [codec, ...own(codec.id)]),
    ...tuned.filter(({ id }) => !known.has(shippedCodec(id))),
  ];
}

/** Codecs to choose among, by groups. */
export function codecChoices(
  codecs: readonly CodecCard[],
  weights: readonly TunedWeights[],
): Choice<string>[] {
  return underVariants(codecs).map((codec) => {
    const lineage = weights.find((one) => one.codec === codec.id)?.lineage;
    return {
      value: codec.id,
      label: codec.label,
      detail: lineage && lineageText(lineage),
      group: headingOf(codec),
    };
  });
}

/** All codecs as choices. */
export function useCodecChoices(): Choice<string>[] {
  const codecs = useStudio((state) => state.codecs);
  const weights = useStudio((state) => state.tunedWeights);
  return codecChoices(codecs, weights);
}
