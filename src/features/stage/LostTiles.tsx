import { tileNumber } from '../../core/bitstream/tiles';
import type { Reconstruction } from '../../engine/api';
import type { Placement } from './camera';

/** Damaged tiles over the picture of their file. */
export function LostTiles(props: {
  reconstruction: Pick<Reconstruction, 'lost' | 'info'>;
  placement: Placement;
}) {
  const { reconstruction, placement } = props;
  const { lost = [], info } = reconstruction;
  const { zoom, left, top } = placement;
  return lost.map((tile) => {
    const name = `Tile ${tileNumber(info, tile) + 1}`;
    return (
      <div
        key={name}
        className="lost-tile"
        role="img"
        aria-label={`${name} is damaged: no data`}
        style={{
          left: left + tile.x * zoom,
          top: top + tile.y * zoom,
          width: tile.width * zoom,
          height: tile.height * zoom,
        }}
      >
        <span className="lost-tile__name" aria-hidden="true">
          {name}
        </span>
      </div>
    );
  });
}
