import type { PixelWindow } from '../../core/cube/types';
import { useStudio } from '../../state/react';
import type { Placement } from '../stage/camera';

/** Where the close-ups lie. */
export function CloseUpFrames(props: { window: PixelWindow; placement: Placement }) {
  const { window, placement } = props;
  const closeUps = useStudio((state) => state.closeUps);
  const { zoom, left, top } = placement;
  return closeUps.map(({ id, x, y, width, height }, i) => (
    <div
      key={id}
      className="close-up-frame"
      style={{
        left: left + (x - window.x) * zoom,
        top: top + (y - window.y) * zoom,
        width: width * zoom,
        height: height * zoom,
      }}
    >
      <span>{letter(i)}</span>
    </div>
  ));
}

/** `A`, `B` … */
export const letter = (i: number) => String.fromCharCode(65 + i);
