import { PIXELS_PER_LATENT as BLOCK } from '../../core/bitstream/tiles';
import type { LatentPosition } from '../../engine/bits';
import type { Placement } from '../stage/camera';

/** Frames the pixels of a block. */
export function BlockMark(props: {
  block: LatentPosition;
  placement: Placement;
  chosen?: boolean;
}) {
  const { block, placement, chosen } = props;
  const side = BLOCK * placement.zoom;
  return (
    <div
      className={`mark-pixel${chosen ? ' mark-pixel--pinned' : ''}`}
      style={{
        left: placement.left + block.x * side,
        top: placement.top + block.y * side,
        width: side,
        height: side,
      }}
    />
  );
}
