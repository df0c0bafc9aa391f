import type { ReactNode } from 'react';
import type { Picture } from '../engine/api';
import { PAPER_PALETTE } from './chartPalette';
import { ScaleBar, type ScaleContent } from './ScaleBar';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture as it is embedded, and the pixels of the image that it covers from the corner on. */
export interface Layer extends Size {
  /** A PNG as a data URI, one pixel a pixel. */
  readonly href: string;
  /** 0..1 */
  readonly opacity?: number;
}

/** A picture as it is printed. */
export interface PictureCell {
  readonly title: string;
  readonly detail?: string;
  /** The image in its own pixels; what layers cover beyond it is cut off. */
  readonly image: Size;
  readonly layers: readonly Layer[];
  /** SVG over the picture, in pixels of the image. */
  readonly marks?: ReactNode;
  /** What its colours stand for. */
  readonly scale?: ScaleContent;
}

const GAP = 14;
const LINE = 16;
/** Above a picture, below its title. */
const HEAD = 6;
const FOOT = 32;
const SIDE = 300;
/** More pictures stand in several rows. */
const MOST_COLUMNS = 5;

export interface GridProps {
  readonly cells: readonly PictureCell[];
  readonly columns?: number;
  /** Width of a cell in CSS pixels. */
  readonly side?: number;
}

/** Pictures of one size in rows, each under its title and above the scale of its colours. */
export function pictureGrid({ cells, columns = columnsFor(cells.length), side = SIDE }: GridProps) {
  const across = Math.min(columns, cells.length);
  const rows = Math.ceil(cells.length / across);
  const aspects = cells.map(({ image }) => image.height / image.width);
  const height = Math.round(side * Math.min(1, Math.max(...aspects)));
  const head = headOf(cells);
  const step = head + height + (cells.some(({ scale }) => scale) ? FOOT : 0) + GAP;
  const size = { width: across * side + (across - 1) * GAP, height: rows * step - GAP };
  const drawing = (
    <g fontSize={12}>
      {cells.map((cell, i) => (
        <g
          key={i}
          transform={`translate(${(i % across) * (side + GAP)} ${Math.floor(i / across) * step})`}
        >
          <Cell cell={cell} width={side} height={height} head={head} />
        </g>
      ))}
    </g>
  );
  return { ...size, drawing };
}

function columnsFor(cells: number): number {
  return cells <= MOST_COLUMNS ? cells : Math.ceil(cells / Math.ceil(cells / MOST_COLUMNS));
}

/** Room for what stands above the pictures. */
function headOf(cells: readonly PictureCell[]): number {
  if (cells.some(({ detail }) => detail)) return 2 * LINE + HEAD;
  return cells.some(({ title }) => title) ? LINE + HEAD : 0;
}

interface CellProps extends Size {
  readonly cell: PictureCell;
  readonly head: number;
}

function Cell({ cell, width, height, head }: CellProps) {
  const { title, detail, image, layers, marks, scale } = cell;
  const zoom = Math.min(width / image.width, height / image.height);
  return (
    <>
      <text y={12} fontWeight="600" fill={PAPER_PALETTE.text}>
        {title}
      </text>
      <text y={12 + LINE} fontSize={11} fill={PAPER_PALETTE.muted}>
        {detail}
      </text>
      <svg
        y={head}
        width={image.width * zoom}
        height={image.height * zoom}
        viewBox={`0 0 ${image.width} ${image.height}`}
      >
        <title>{title}</title>
        {layers.map((layer, i) => (
          <image key={i} {...layer} preserveAspectRatio="none" imageRendering="pixelated" />
        ))}
        {marks}
      </svg>
      {scale && (
        <g transform={`translate(0 ${head + height + 8})`}>
          <ScaleBar {...scale} width={width} />
        </g>
      )}
    </>
  );
}

/** A picture to be embedded. */
export function layerOf({ width, height, stride, rgba }: Picture): Layer {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return { href: canvas.toDataURL('image/png'), width: width * stride, height: height * stride };
}
