import type { PixelWindow } from '../../core/cube/types';
import { useStudio, useStudioStore } from '../../state/react';
import type { Pixel } from '../../state/view';
import { MarksOverlay } from '../spectra/MarksOverlay';
import { useDrawing } from '../spectra/useDrawing';
import { PixelMark } from '../stage/overlays';
import type { PaneProps } from '../stage/Pane';
import { CloseUpFrames } from './CloseUpFrames';

export type LinkedProps = Omit<PaneProps, 'label' | 'testId' | 'picture' | 'children'>;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** One camera, one cursor and the same marks for all panes. */
export function useLinkedPanes(window: PixelWindow): LinkedProps {
  const store = useStudioStore();
  const camera = useStudio((state) => state.compareCamera);
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const drawing = useDrawing(window);
  const { hover, pin, togglePin, addRegion, setCamera } = store.getState();
  const toScene = ({ x, y }: Pixel) => ({ x: x + window.x, y: y + window.y });
  return {
    image: window,
    camera,
    onCamera: (next) => setCamera('compare', next),
    onHover: (pixel) => hover(pixel && toScene(pixel)),
    onClick: (pixel) => togglePin(toScene(pixel)),
    onRegion: (region) => addRegion({ ...region, ...toScene(region) }),
    drawing,
    onArrow: (dx, dy) => {
      const from = pinned ?? toScene({ x: window.width >> 1, y: window.height >> 1 });
      pin({
        x: clamp(from.x + dx, window.x, window.x + window.width - 1),
        y: clamp(from.y + dy, window.y, window.y + window.height - 1),
      });
    },
    overlay: (placement) => (
      <>
        <CloseUpFrames window={window} placement={placement} />
        {hovered && (
          <PixelMark
            pixel={{ x: hovered.x - window.x, y: hovered.y - window.y }}
            placement={placement}
          />
        )}
        <MarksOverlay placement={placement} window={window} />
      </>
    ),
  };
}
