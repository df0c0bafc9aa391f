/** All bands of an image in one plane, so that one rate allocation serves them all. */
export interface Mosaic {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

export interface BandsShape {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** As near to a square as whole bands allow. */
export function mosaicOf({ width, height, bands }: BandsShape): Mosaic {
  const columns = Math.min(bands, Math.max(1, Math.round(Math.sqrt((bands * height) / width))));
  return { columns, width: columns * width, height: Math.ceil(bands / columns) * height };
}

/**
 * Where the mosaic has sample (x, y) of a band. Bands run to and fro, each mirrored, so that an
 * edge meets the same edge of the next band and the wavelet sees no step.
 */
export function placeOf(
  { columns, width }: Mosaic,
  shape: BandsShape,
  band: number,
): (x: number, y: number) => number {
  const row = Math.floor(band / columns);
  const along = band % columns;
  const column = row % 2 === 0 ? along : columns - 1 - along;
  const [mirrorX, mirrorY] = [column % 2 === 1, row % 2 === 1];
  return (x, y) => {
    const inX = mirrorX ? shape.width - 1 - x : x;
    const inY = mirrorY ? shape.height - 1 - y : y;
    return (row * shape.height + inY) * width + column * shape.width + inX;
  };
}
