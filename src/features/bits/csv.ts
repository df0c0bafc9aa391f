import { PIXELS_PER_LATENT } from '../../core/bitstream/tiles';
import { csvTable } from '../../core/csv';
import type { PixelWindow } from '../../core/cube/types';
import type { FileBits, LatentBits } from '../../engine/bits';
import { isLostBlock } from './lostBlocks';

/** Bits as tables for other programs, after RFC 4180: numbers only, units in the names. */

/** One row a latent channel. */
export function channelsCsv(latents: LatentBits): string {
  const { channelBits, nonZeroShare, origins } = latents;
  return csvTable(
    Array.from(channelBits, (bits, channel) => ({
      channel,
      latent_bits: bits,
      non_zero_share: nonZeroShare[channel],
      spectral_component: origins[channel]?.component,
      order_in_component: origins[channel]?.order,
      frequency_down: origins[channel]?.frequency[0],
      frequency_across: origins[channel]?.frequency[1],
    })),
    '\r\n',
  );
}

/**
 * One row a latent position; pixels are the block's own, less at the image's edge. Bits of damaged tiles
 * are not known and stay empty.
 */
export function positionsCsv(
  latents: LatentBits,
  image: { readonly width: number; readonly height: number },
  lost?: readonly PixelWindow[],
): string {
  const { width, latentBits, sideBits } = latents;
  return csvTable(
    Array.from(latentBits, (bits, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const known = !isLostBlock(lost, { x, y });
      return {
        x,
        y,
        first_pixel_x: x * PIXELS_PER_LATENT,
        first_pixel_y: y * PIXELS_PER_LATENT,
        pixels: blockPixels(image, x, y),
        latent_bits: known ? bits : undefined,
        side_information_bits: known ? sideBits[i] : undefined,
      };
    }),
    '\r\n',
  );
}

/** One row a spectral component, for codecs that code them one by one. */
export function componentsCsv({ componentBytes = [] }: FileBits): string {
  return csvTable(
    componentBytes.map((bytes, component) => ({ component, bytes })),
    '\r\n',
  );
}

/** Pixels of the image that a block holds. */
export function blockPixels(
  { width, height }: { readonly width: number; readonly height: number },
  x: number,
  y: number,
): number {
  const inside = (at: number, side: number) =>
    Math.min(PIXELS_PER_LATENT, side - at * PIXELS_PER_LATENT);
  return inside(x, width) * inside(y, height);
}
