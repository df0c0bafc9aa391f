import type { BlockGates, GateCell } from '../../state/attention';
import { useStudio } from '../../state/react';
import { fixed } from '../../ui/format';
import { blockName } from './names';
import { type BlockValues, difference, summaryOf, valuesOf } from './statistics';
import { fine, signed } from './text';
import { useAvailable, usePopulation } from './useAttention';

function valueAt(blocks: readonly BlockValues[], { block, channel }: GateCell): number | undefined {
  return blocks.find((one) => one.block === block)?.values[channel];
}

/** Gates of a block that lie closer together than this weigh its channels alike. */
const ALIKE = 0.02;

/** Says where there is little to see, so that nobody looks for it in the colours. */
function flatness(blocks: readonly BlockGates[]): string {
  const flat = blocks.filter(({ gates }) => Math.max(...gates) - Math.min(...gates) < ALIKE).length;
  if (flat === 0) return 'Choose a channel to scale it.';
  return (
    `In ${flat} of ${blocks.length} blocks all gates lie within ${ALIKE} of each other: ` +
    'these weights have hardly learnt to prefer channels there.'
  );
}

/** What is known of the channel under the pointer, else of the chosen one. */
export function CellReadout({ hovered }: { hovered: GateCell | undefined }) {
  const chosen = useStudio((state) => state.attentionCell);
  const read = useStudio((state) => state.attention);
  const held = useStudio((state) => state.attentionHeld);
  const { mean, spread } = usePopulation();
  const available = useAvailable();
  const cell = hovered ?? chosen;
  const patch = cell && read && valueAt(valuesOf(read.blocks), cell);
  if (!cell || !read || patch === undefined) {
    return <p className="gates__readout muted">{read && flatness(read.blocks)}</p>;
  }
  const own = read.blocks.find(({ block }) => block === cell.block);
  const nm = own?.part === 'input' ? read.input.wavelengthsNm?.[cell.channel] : undefined;
  const parts: (readonly [string, string])[] = [['gate', fixed(patch, 4)]];
  if (held && available.difference) {
    const change = valueAt(difference(read.blocks, held.blocks), cell) ?? 0;
    parts.push(['A', fixed(patch - change, 4)], ['B − A', signed(change)]);
  }
  const average = valueAt(mean, cell);
  const deviation = valueAt(spread, cell);
  if (average !== undefined && deviation !== undefined) {
    parts.push(['patches', `${fixed(average, 4)} ± ${fine(deviation)}`]);
  }
  if (own && parts.length === 1) {
    parts.push(['evenness of the block', fixed(summaryOf(own.gates, 0).evenness, 3)]);
  }
  return (
    <p className="gates__readout" data-testid="gate-readout" aria-live={hovered ? 'off' : 'polite'}>
      <span className="gates__where">
        {blockName(cell.block).full}, {nm ? `${fixed(nm, 1)} nm, ` : ''}channel {cell.channel + 1}{' '}
        of {own?.gates.length}
      </span>
      {parts.map(([name, value]) => (
        <span key={name}>
          <span className="muted">{name}</span> {value}
        </span>
      ))}
    </p>
  );
}
