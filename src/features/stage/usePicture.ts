import { useCallback } from 'react';
import type { Picture, PictureRequest } from '../../engine/api';
import type { Notice } from '../../state/notice';
import { useEngine } from '../../state/react';
import { useLatest } from './useLatest';

/** The picture of a request; the one before it until it is made. */
export function usePicture(request: PictureRequest | undefined): {
  readonly picture?: Picture;
  readonly notice?: Notice;
} {
  const engine = useEngine();
  const ask = useCallback((one: PictureRequest) => engine.picture(one), [engine]);
  const { value, notice } = useLatest(request, ask);
  return { picture: value, notice };
}
