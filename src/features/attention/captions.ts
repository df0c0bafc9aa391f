import type { ReadAttention } from '../../state/attention';
import type { StudioState } from '../../state/store';
import { bytes, small } from '../../ui/format';
import { askedText, placeText } from '../figureCaption';
import { blockName } from './names';

/** Patch, codec, stage and rate of gates that were read. */
export function readTexts(state: StudioState, read: ReadAttention): readonly string[] {
  const { of, cubeName, codedBands, figures, input } = read;
  const codec = state.codecs.find(({ id }) => id === of.codec);
  const { window } = of;
  // The cube of held gates may be closed by now: its size is not known then.
  const info = state.cube?.id === of.cube ? state.cube.info : undefined;
  const place = info
    ? placeText(info, window)
    : `${cubeName}: patch of ${window.width} × ${window.height} pixels at (${window.x}, ${window.y}), ${codedBands.length} bands.`;
  const { rate } = figures;
  return [
    place,
    `${codec ? askedText(codec, of.options.rate) : of.codec}: ${bytes(rate.bytes)}, ${small(rate.bpp)} bpp; input of ${input.mean.length} bands.`,
  ];
}

/** What is scaled, where anything is. */
export function editTexts({ attentionEdits }: StudioState): readonly string[] {
  const { gates, bands } = attentionEdits;
  const edits = [
    ...gates.map(
      ({ block, channel, factor }) =>
        `${blockName(block).full}, channel ${channel + 1} × ${factor.toFixed(2)}`,
    ),
    ...bands.map(({ band, factor }) => `band ${band + 1} × ${factor.toFixed(2)}`),
  ];
  if (edits.length === 0) return [];
  const more = edits.length > MOST_EDITS ? ` and ${edits.length - MOST_EDITS} more` : '';
  return [`Edits: ${edits.slice(0, MOST_EDITS).join('; ')}${more}.`];
}

/** A muted block may have hundreds. */
const MOST_EDITS = 8;
