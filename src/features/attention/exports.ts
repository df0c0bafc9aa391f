import { csvTable } from '../../core/csv';
import { baseName } from '../../core/fileNames';
import type { ReadAttention } from '../../state/attention';
import type { StudioState } from '../../state/store';
import { alike, population } from './statistics';

/** What files of figures are named after: `samson_96x96+12+40_hific-se`. */
export function attentionBase({ cubeName, of }: ReadAttention): string {
  const { x, y, width, height } = of.window;
  return `${baseName(cubeName)}_${width}x${height}+${x}+${y}_${of.codec}`;
}

/** One row a channel, after RFC 4180; what is not known is empty. */
export function toCsv(
  { blocks, cubeName, of, input }: ReadAttention,
  state: Pick<StudioState, 'attentionHeld' | 'attentionPopulation' | 'attentionEdits'>,
): string {
  const { attentionHeld, attentionPopulation, attentionEdits } = state;
  const held = attentionHeld && alike(blocks, attentionHeld.blocks) ? attentionHeld : undefined;
  const patches = attentionPopulation?.patches.filter((patch) => alike(blocks, patch)) ?? [];
  const { mean, spread } = population(patches);
  const rows = blocks.flatMap(({ block, part, gates }, b) =>
    Array.from(gates, (gate, channel) => ({
      cube: cubeName,
      window_x_px: of.window.x,
      window_y_px: of.window.y,
      window_width_px: of.window.width,
      window_height_px: of.window.height,
      codec: of.codec,
      target_rate_bpp: of.options.rate,
      part,
      block,
      channel,
      wavelength_nm: part === 'input' ? input.wavelengthsNm?.[channel] : undefined,
      gate,
      factor:
        attentionEdits.gates.find((edit) => edit.block === block && edit.channel === channel)
          ?.factor ?? 1,
      held_cube: held?.cubeName,
      held_window_x_px: held?.of.window.x,
      held_window_y_px: held?.of.window.y,
      held_gate: held?.blocks[b].gates[channel],
      patches: patches.length || undefined,
      patches_mean: mean[b]?.values[channel],
      patches_standard_deviation: spread[b]?.values[channel],
    })),
  );
  return csvTable(rows, '\r\n');
}
