import type { ChartFrame } from '../../ui/chartLayout';

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Size of a point's card in CSS pixels. */
export const CARD = { width: 316, height: 392 };
const GAP = 8;
/** The card keeps this far from the point that it is about. */
const CLEARANCE = 16;

/**
 * The corner of the plot where the card covers the fewest points, and not its own. A card that
 * follows its point would hide the neighbours and move with every step.
 */
export function cardCorner(
  frame: ChartFrame,
  own: Spot,
  others: readonly Spot[],
): { left: number; top: number } {
  const right = Math.max(frame.left + GAP, frame.right - CARD.width - GAP);
  const bottom = Math.max(GAP, frame.bottom - CARD.height - GAP);
  const corners = [
    { left: right, top: bottom },
    { left: frame.left + GAP, top: GAP },
    { left: right, top: GAP },
    { left: frame.left + GAP, top: bottom },
  ];
  const covers = ({ left, top }: { left: number; top: number }, { x, y }: Spot, margin: number) =>
    x > left - margin &&
    x < left + CARD.width + margin &&
    y > top - margin &&
    y < top + CARD.height + margin;
  const cost = (corner: { left: number; top: number }) =>
    others.filter((spot) => covers(corner, spot, 0)).length +
    (covers(corner, own, CLEARANCE) ? others.length + 1 : 0);
  return corners.reduce((best, one) => (cost(one) < cost(best) ? one : best));
}
