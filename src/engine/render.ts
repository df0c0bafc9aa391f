import { composite, percentileStretch } from '../core/cube/composite';
import type { CubeInfo } from '../core/cube/types';
import type { Picture, PictureRequest } from './api';
import type { ThinWindow } from './overview';

const isPercentiles = (stretch: PictureRequest['stretch']): stretch is readonly [number, number] =>
  typeof stretch[0] === 'number';

/** `view` holds one band (shown grey) or three. */
export function render(
  { noDataValue }: Pick<CubeInfo, 'noDataValue'>,
  view: ThinWindow,
  wanted: PictureRequest['stretch'],
): Picture {
  const { width, height, stride, samples } = view;
  const channels = samples.length === width * height ? 1 : 3;
  const stretch = isPercentiles(wanted)
    ? percentileStretch(samples, channels, wanted, noDataValue)
    : wanted;
  const rgba = composite(samples, channels, stretch, noDataValue);
  return { width, height, stride, rgba, stretch };
}
