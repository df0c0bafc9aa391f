import type { Reconstruction } from '../../engine/api';
import type { Difference } from '../../engine/bits';
import { bandAxis, bandLabel } from '../../state/bands';
import type { BitsView } from '../../state/bits';
import { DIVERGING, SEQUENTIAL } from './colours';
import { valueText } from './words';

type Plane = BitsView['plane'];

/** The values of a difference that are shown. */
export const planeOf = ({ signed, rms }: Difference, plane: Plane) =>
  plane === 'signed' ? signed : rms;

/** Colours of them, as RGB triples. */
export const tableOf = (plane: Plane) => (plane === 'signed' ? DIVERGING : SEQUENTIAL);

/** Ends of the colours: even to both sides of zero where the values have a sign. */
export function limitsOf(difference: Difference, plane: Plane): [number, number] {
  const most = planeOf(difference, plane).reduce(
    (largest, value) => (Number.isNaN(value) ? largest : Math.max(largest, Math.abs(value))),
    0,
  );
  return [plane === 'signed' ? -most : 0, most];
}

/** The same in words, the upper one with its unit. */
export function endsOf(difference: Difference, plane: Plane, unit: string | undefined) {
  const [low, high] = limitsOf(difference, plane);
  const text = valueText(high);
  return { low: valueText(low), high: unit ? `${text} ${unit}` : text };
}

/** The band that the difference with a sign is of. */
export function bandOf({ info, codedBands }: Reconstruction, { band }: Difference): string {
  const axis = bandAxis(info, codedBands);
  return bandLabel(axis, axis.bands[band]);
}
