import { useMemo } from 'react';
import type { Area } from '../../core/cube/polygon';
import type { PixelWindow } from '../../core/cube/types';
import { useStudio } from '../../state/react';
import type { Pixel } from '../../state/view';
import type { Shades } from '../../ui/codecStyle';
import { markShades, POINTED_SHADES } from './markShades';
import type { SpectrumSource } from './sources';

/** What a spectrum is read at: a pixel or a region of the original. */
export interface Place extends Area {
  readonly key: string;
  readonly name: string;
  readonly shades: Shades;
  /** A pixel is a window of one. */
  readonly kind: 'pixel' | 'region';
  /** Marks stay; the pixel under the cursor does not. */
  readonly marked: boolean;
}

const windowOf = ({ x, y }: Pixel): PixelWindow => ({ x, y, width: 1, height: 1 });

export function coordinates({ window, polygon, kind }: Place): string {
  const { x, y, width, height } = window;
  if (polygon) return `(${x}, ${y}), ${polygon.length} corners`;
  return kind === 'pixel' ? `(${x}, ${y})` : `(${x}, ${y}), ${width} × ${height}`;
}

/** Pins and regions, and the pixel under the cursor; where there is nothing, the middle. */
export function usePlaces(sources: readonly SpectrumSource[]): readonly Place[] {
  const pins = useStudio((state) => state.pins);
  const regions = useStudio((state) => state.regions);
  const hovered = useStudio((state) => state.hovered);
  const patch = useStudio((state) => state.patch);
  const decoded = sources.find(({ role }) => role === 'reconstruction')?.window;
  const middleOf = decoded ?? patch;
  return useMemo(() => {
    const places: Place[] = [];
    for (const { id, name, colour, x, y } of pins)
      places.push({
        key: id,
        name,
        shades: markShades(colour),
        window: windowOf({ x, y }),
        kind: 'pixel',
        marked: true,
      });
    for (const { id, name, colour, window, polygon } of regions)
      places.push({
        key: id,
        name,
        shades: markShades(colour),
        window,
        polygon,
        kind: 'region',
        marked: true,
      });
    const { x, y, width, height } = middleOf ?? { x: 0, y: 0, width: 0, height: 0 };
    const middle = { x: x + (width >> 1), y: y + (height >> 1) };
    const pointed = hovered ?? (places.length === 0 && middleOf ? middle : undefined);
    if (pointed)
      places.push({
        key: 'pointed',
        name: hovered ? 'Pixel' : 'Centre',
        shades: POINTED_SHADES,
        window: windowOf(pointed),
        kind: 'pixel',
        marked: false,
      });
    return places;
  }, [pins, regions, hovered, middleOf]);
}
