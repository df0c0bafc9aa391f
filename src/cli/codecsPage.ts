import type { CodecMeta } from '../codecs/types';
import { byHeading } from '../ui/codecHeadings';

/** What rates a codec serves, for people. */
export function ratesText({ targetRates, rateRange }: CodecMeta): string {
  if (targetRates.length === 0) return 'one result, no rate';
  const range = rateRange ? `${rateRange[0]}–${rateRange[1]} bpp, ` : '';
  return `${range}by default ${targetRates.join(', ')}`;
}

function entry(meta: CodecMeta): string {
  const grids = meta.grids ? `spectral grids ${meta.grids.join(', ')}` : 'any bands';
  return `### ${meta.label}\n\n\`${meta.id}\` · ${ratesText(meta)} · ${grids}\n\n${meta.description}\n`;
}

/** `docs/codecs.md`: every codec by its family, from the same entries that the studio shows. */
export function codecsPage(metas: readonly CodecMeta[]): string {
  const sections = byHeading(metas).map(
    ({ heading, members }) => `## ${heading}\n\n${members.map(entry).join('\n')}`,
  );
  return [
    '# Codecs\n',
    'Made by `npm run codecs` from what each codec says of itself (`npx hsc codecs` prints the same). Rates are bits',
    'per pixel, all bands together. How they compare: [models.md](models.md); how their files are built:',
    '[bitstream.md](bitstream.md).\n',
    ...sections,
  ].join('\n');
}
