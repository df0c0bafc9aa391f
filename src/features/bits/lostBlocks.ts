import { PIXELS_PER_LATENT } from '../../core/bitstream/tiles';
import type { PixelWindow } from '../../core/cube/types';
import type { LatentPosition } from '../../engine/bits';

/** Whether a block lies in a damaged tile, so that nothing is known of its bits. */
export function isLostBlock(lost: readonly PixelWindow[] = [], at: LatentPosition): boolean {
  const [x, y] = [at.x * PIXELS_PER_LATENT, at.y * PIXELS_PER_LATENT];
  return lost.some(
    (tile) => x >= tile.x && y >= tile.y && x < tile.x + tile.width && y < tile.y + tile.height,
  );
}
