import type { ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

/** A drawing on paper, complete in itself; sizes in CSS pixels. */
export interface Figure {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const PNG_SCALE = 2;

/** Draws an SVG element with no style sheet around. */
export function figureOf(
  drawing: ReactElement,
  size: { readonly width: number; readonly height: number },
): Figure {
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() => root.render(drawing));
  const svg = place.querySelector('svg');
  if (!svg) throw new Error('The figure was not drawn.');
  const text = new XMLSerializer().serializeToString(svg);
  root.unmount();
  return { svg: text, ...size };
}

/** At twice its size, for slides. */
export async function pngOf({ svg, width, height }: Figure): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not make a PNG of the figure.');
  return new Uint8Array(await blob.arrayBuffer());
}
