import type { PixelWindow } from '../../core/cube/types';
import { useStudio } from '../../state/react';
import type { Placement } from '../stage/camera';
import { pathOf } from '../stage/overlays';
import { markShades } from './markShades';
import './spectra.css';

interface MarksOverlayProps {
  readonly placement: Placement;
  /** The part of the original that the pane shows. */
  readonly window: PixelWindow;
}

/** Smallest side of a pin's box in CSS pixels. */
const LEAST = 9;

/** Pins and regions over a picture. They lie in the pixels of the original. */
export function MarksOverlay({ placement, window }: MarksOverlayProps) {
  const pins = useStudio((state) => state.pins);
  const regions = useStudio((state) => state.regions);
  const boxes = [
    ...regions.map((region) => ({ ...region, least: 0 })),
    ...pins.map((pin) => ({
      ...pin,
      polygon: undefined,
      window: { x: pin.x, y: pin.y, width: 1, height: 1 },
      least: LEAST,
    })),
  ];
  const right = window.x + window.width;
  const bottom = window.y + window.height;
  return boxes
    .filter(
      ({ window: { x, y, width, height } }) =>
        x < right && y < bottom && x + width > window.x && y + height > window.y,
    )
    .map(({ id, name, colour, window: box, polygon, least }) => {
      const { zoom, left, top } = placement;
      const width = Math.max(least, box.width * zoom);
      const height = Math.max(least, box.height * zoom);
      return (
        <div
          key={id}
          className={polygon ? 'place-mark place-mark--polygon' : 'place-mark'}
          data-testid={`mark ${id}`}
          style={{
            left: left + (box.x - window.x + box.width / 2) * zoom - width / 2,
            top: top + (box.y - window.y + box.height / 2) * zoom - height / 2,
            width,
            height,
            // The bright shade on a dark rim is seen on any picture, in both themes.
            outlineColor: markShades(colour).dark,
          }}
        >
          {polygon && (
            <Outline
              d={`${pathOf(polygon, { zoom, left: -box.x * zoom, top: -box.y * zoom })}Z`}
              colour={markShades(colour).dark}
            />
          )}
          <span className="place-mark__name">{name}</span>
        </div>
      );
    });
}

function Outline({ d, colour }: { d: string; colour: string }) {
  return (
    <svg className="place-mark__outline" aria-hidden="true">
      <path className="place-mark__rim" d={d} />
      <path className="place-mark__line" d={d} stroke={colour} />
    </svg>
  );
}
