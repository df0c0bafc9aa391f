import type { AttentionView } from '../../state/attention';
import { fixed } from '../../ui/format';
import type { ColourScale } from './colours';

/** Four decimals; small values that these would round away keep their size. */
export function fine(value: number): string {
  const text =
    value === 0 || Math.abs(value) >= 1e-3
      ? fixed(Math.abs(value), 4)
      : Math.abs(value).toExponential(1);
  return value < 0 ? `−${text}` : text;
}

export function signed(value: number): string {
  return value > 0 ? `+${fine(value)}` : fine(value);
}

/** A value on a scale of colours, with as many digits as tell its ends apart. */
export function valueText({ low, high }: ColourScale, value: number): string {
  return high - low < 0.1 ? fine(value) : fixed(value, 2);
}

/** How figures of a block are written, and the heading of the share of closed gates, if any. */
export function summaryText({ shown, threshold }: Pick<AttentionView, 'shown' | 'threshold'>): {
  readonly text: (value: number) => string;
  readonly closed: string | undefined;
} {
  const gates = shown !== 'difference' && shown !== 'spread';
  return gates
    ? { text: (value) => fixed(value, 4), closed: `< ${threshold}` }
    : { text: fine, closed: undefined };
}
