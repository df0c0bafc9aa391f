import type { CubeInfo } from '../core/cube/types';
import type { StudioState } from '../state/store';
import { shownTable } from '../ui/ColourBar';
import type { PictureCell } from '../ui/PictureGrid';
import type { ScaleContent } from '../ui/ScaleBar';
import { scaleEnds } from './figureCaption';

/** A picture as it stands on the page, for a figure; nothing where it is not shown. */
export function canvasCell(
  canvas: HTMLCanvasElement | null,
  parts: Pick<PictureCell, 'title' | 'detail' | 'marks'> & { readonly scale?: ScaleContent },
  image?: PictureCell['image'],
): readonly PictureCell[] {
  if (!canvas) return [];
  const { width, height } = canvas;
  const stride = image ? Math.ceil(image.width / width) : 1;
  const layer = {
    href: canvas.toDataURL('image/png'),
    width: width * stride,
    height: height * stride,
  };
  return [{ ...parts, image: image ?? { width, height }, layers: [layer] }];
}

export function canvasOf(page: ParentNode, testId: string): HTMLCanvasElement | null {
  return page.querySelector(`canvas[data-testid="${testId}"]`);
}

/** What the colours of a picture of one band stand for, in the colour map of the view. */
export function bandScale(
  canvas: HTMLCanvasElement | null,
  { colourMode, colourMap }: Pick<StudioState, 'colourMode' | 'colourMap'>,
  units: CubeInfo['units'],
): ScaleContent | undefined {
  const { low, high } = canvas?.dataset ?? {};
  if (colourMode !== 'grey' || low === undefined || high === undefined) return undefined;
  return { table: shownTable(colourMap), ...scaleEnds(Number(low), Number(high), units) };
}
