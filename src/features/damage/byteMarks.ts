import type { FileSpan } from '../../core/bitstream/fileMap';

/** From a byte to another, the second left out. */
export type Stretch = readonly [from: number, to: number];

/**
 * Where a copy differs from a file, for a drawing that tells no more than `places` apart: stretches
 * in order, each at least a place long.
 */
export function changedStretches(file: Uint8Array, copy: Uint8Array, places: number): Stretch[] {
  const step = Math.max(1, file.length / places);
  const stretches: [number, number][] = [];
  for (let at = 0; at < copy.length; at++) {
    if (file[at] === copy[at]) continue;
    const from = Math.floor(at / step) * step;
    const last = stretches.at(-1);
    if (last && from <= last[1]) last[1] = from + step;
    else stretches.push([from, from + step]);
    // The rest of the place says nothing new.
    at = Math.max(at, Math.ceil(from + step) - 1);
  }
  return stretches;
}

/** What sections look like: tiles take turns, so that their borders are seen. */
export type SpanLook = 'header' | 'index' | 'metadata' | 'weights' | 'even' | 'odd';

export function lookOf({ kind, tile = 0 }: FileSpan): SpanLook {
  if (kind === 'payload') return 'even';
  if (kind !== 'tile') return kind;
  return tile % 2 === 0 ? 'even' : 'odd';
}

/** An SVG path of stretches from top to bottom: one for all, as there may be thousands. */
export function stretchPath(stretches: readonly Stretch[], top: number, bottom: number): string {
  return stretches.map(([from, to]) => `M${from} ${top}H${to}V${bottom}H${from}Z`).join('');
}
