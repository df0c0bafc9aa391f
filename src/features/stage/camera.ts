import type { Camera, Pixel } from '../../state/view';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pointer travel in CSS pixels up to which a press is a click. */
export const CLICK_SLOP = 3;

/** CSS pixels an image pixel: whole numbers, or one over a whole number. */
export const ZOOM_LEVELS = [
  ...[32, 24, 16, 12, 8, 6, 5, 4, 3, 2].map((n) => 1 / n),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32],
];

export function zoomLabel(zoom: number): string {
  return zoom >= 1 ? `${zoom}×` : `1:${Math.round(1 / zoom)}`;
}

/** The largest level at which the image fits into the pane; the smallest where none does. */
export function fitZoom(image: Size, pane: Size, margin = 2): number {
  const fits = ZOOM_LEVELS.filter(
    (zoom) =>
      image.width * zoom <= pane.width - 2 * margin &&
      image.height * zoom <= pane.height - 2 * margin,
  );
  return fits.at(-1) ?? ZOOM_LEVELS[0];
}

/** The next level up or down. */
export function stepZoom(zoom: number, direction: 1 | -1): number {
  const next =
    direction > 0
      ? ZOOM_LEVELS.find((level) => level > zoom * 1.001)
      : ZOOM_LEVELS.findLast((level) => level < zoom * 0.999);
  return next ?? zoom;
}

/** Where an image lies in a pane, in CSS pixels. */
export interface Placement {
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
}

export function place(camera: Camera, image: Size, pane: Size): Placement {
  const zoom = camera.zoom === 'fit' ? fitZoom(image, pane) : camera.zoom;
  const center = camera.center ?? { x: image.width / 2, y: image.height / 2 };
  return {
    zoom,
    left: Math.round(pane.width / 2 - center.x * zoom),
    top: Math.round(pane.height / 2 - center.y * zoom),
  };
}

/** The camera at another zoom with the image point under (x, y) of the pane kept in place. */
export function zoomAt(placement: Placement, zoom: number, at: Pixel, pane: Size): Camera {
  const imageX = (at.x - placement.left) / placement.zoom;
  const imageY = (at.y - placement.top) / placement.zoom;
  return {
    zoom,
    center: {
      x: imageX - (at.x - pane.width / 2) / zoom,
      y: imageY - (at.y - pane.height / 2) / zoom,
    },
  };
}

/** The camera moved by CSS pixels; the middle of the pane stays on the image. */
export function panBy(
  placement: Placement,
  dx: number,
  dy: number,
  image: Size,
  pane: Size,
): Camera {
  const { zoom, left, top } = placement;
  const clamp = (value: number, high: number) => Math.min(high, Math.max(0, value));
  return {
    zoom,
    center: {
      x: clamp((pane.width / 2 - left - dx) / zoom, image.width),
      y: clamp((pane.height / 2 - top - dy) / zoom, image.height),
    },
  };
}

/** The image pixel under a point of the pane. */
export function pixelAt(placement: Placement, at: Pixel, image: Size): Pixel | undefined {
  const x = Math.floor((at.x - placement.left) / placement.zoom);
  const y = Math.floor((at.y - placement.top) / placement.zoom);
  return x >= 0 && y >= 0 && x < image.width && y < image.height ? { x, y } : undefined;
}

/** The corner between image pixels that is nearest to a point of the pane, the image's own included. */
export function cornerAt(placement: Placement, at: Pixel, image: Size): Pixel {
  const nearest = (value: number, offset: number, most: number) =>
    Math.min(most, Math.max(0, Math.round((value - offset) / placement.zoom)));
  return {
    x: nearest(at.x, placement.left, image.width),
    y: nearest(at.y, placement.top, image.height),
  };
}

/** The rectangle of image pixels between two points of the pane, cut to the image. */
export function windowBetween(
  placement: Placement,
  a: Pixel,
  b: Pixel,
  image: Size,
): { x: number; y: number; width: number; height: number } {
  const span = (from: number, to: number, offset: number, size: number) => {
    const ends = [from, to].map((at) =>
      Math.min(size - 1, Math.max(0, Math.floor((at - offset) / placement.zoom))),
    );
    return [Math.min(...ends), Math.abs(ends[1] - ends[0]) + 1];
  };
  const [x, width] = span(a.x, b.x, placement.left, image.width);
  const [y, height] = span(a.y, b.y, placement.top, image.height);
  return { x, y, width, height };
}
