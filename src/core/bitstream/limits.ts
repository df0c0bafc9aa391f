import { HscError } from '../errors';

/** What a reader accepts before it allocates anything, and what a writer stays within. */
export const HSC_LIMITS = {
  fileBytes: 2 ** 31 - 1,
  /** Pixels on either axis. */
  side: 65536,
  pixels: 2 ** 28,
  bands: 16384,
  /** Bytes of the metadata, after decompression as well. */
  metadataBytes: 2 ** 24,
  /** Bytes of the changes of weights. */
  weightsBytes: 2 ** 24,
} as const;

/** Throws `limit` for an image that files cannot hold. */
export function checkDimensions(width: number, height: number, bands: number): void {
  const inside = (value: number, limit: number) =>
    Number.isInteger(value) && value >= 1 && value <= limit;
  if (
    !inside(width, HSC_LIMITS.side) ||
    !inside(height, HSC_LIMITS.side) ||
    !inside(width * height, HSC_LIMITS.pixels) ||
    !inside(bands, HSC_LIMITS.bands)
  ) {
    throw new HscError(
      'limit',
      `An image of ${width} × ${height} pixels and ${bands} bands is outside what .hsc files hold ` +
        `(${HSC_LIMITS.side} pixels a side, 2^28 pixels, ${HSC_LIMITS.bands} bands).`,
    );
  }
}
