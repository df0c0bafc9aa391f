import { tileCount } from '../core/bitstream/tiles';
import type { Reconstruction } from '../engine/api';
import { count } from '../ui/format';

type Lost = Pick<Reconstruction, 'lost' | 'info'>;

/** `1 of 4 tiles damaged`; nothing of a file without damage. */
export function lostText({ lost = [], info }: Lost): string {
  if (lost.length === 0) return '';
  return `${count(lost.length)} of ${count(tileCount(info.width, info.height))} tiles damaged`;
}

/** What that means for the picture and the figures. */
export function lostSentences({ lost = [], info }: Lost): string {
  const total = count(tileCount(info.width, info.height));
  const one = lost.length === 1;
  const which = one ? `1 of ${total} tiles is` : `${count(lost.length)} of ${total} tiles are`;
  return (
    `${which} damaged: ${one ? 'its' : 'their'} pixels carry no data. All other tiles are read exactly as they were ` +
    `written; but within a few blocks of 16 pixels of a damaged one their picture may differ, for there the decoder ` +
    `guesses what lies across the edge.`
  );
}
