import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import type { Picture } from '../engine/api';

interface PictureCanvasProps {
  readonly picture: Picture;
  readonly label?: string;
  readonly style?: CSSProperties;
  readonly testId?: string;
}

/**
 * One canvas pixel a picture pixel; CSS scales it. A picture of one band says in data attributes
 * which values its colours end at, for exported figures.
 */
export function PictureCanvas({ picture, label, style, testId }: PictureCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const { width, height, rgba } = picture;
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    // Setting a size, even the same, would throw the canvas's memory away.
    if (canvas.current.width !== width) canvas.current.width = width;
    if (canvas.current.height !== height) canvas.current.height = height;
    context.putImageData(new ImageData(rgba, width, height), 0, 0);
  }, [picture]);
  const [stretch, ...others] = picture.stretch;
  const ends = stretch && others.length === 0 ? stretch : undefined;
  return (
    <canvas
      ref={canvas}
      className="picture"
      role="img"
      aria-label={label ?? ''}
      aria-hidden={label === undefined}
      style={style}
      data-testid={testId}
      data-low={ends?.low}
      data-high={ends?.high}
    />
  );
}
