import type { ReactElement } from 'react';
import { FIGURE_FONT, PAPER_PALETTE } from './chartPalette';
import type { Shades } from './codecStyle';
import { type Figure, figureOf } from './exportFigure';

/** A line below a figure, behind a sample of the line in the drawing that it explains. */
export interface CaptionLine {
  readonly text: string;
  readonly shades?: Shades;
  /** SVG dash pattern of the line; a solid one by default. */
  readonly dash?: string;
}

export interface SheetContent {
  readonly title: string;
  /** The settings that the drawing was made with. */
  readonly caption: readonly CaptionLine[];
  /** Of the drawing, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** SVG of that size, in colours of paper. */
  readonly drawing: ReactElement;
}

const MARGIN = 20;
const HEAD = 30;
const FONT_SIZE = 11;
const LINE = 16;
/** Above the caption. */
const GAP = 20;
const SAMPLE = 18;
/** Mean advance of a character in shares of the font's size: nothing can be measured on paper. */
const ADVANCE = 0.54;

/** A drawing on a white sheet between its title and its caption, complete without a style sheet. */
export function sheetOf({ title, caption, width, height, drawing }: SheetContent): Figure {
  const lines = caption.flatMap((line) => wrapped(line, width));
  const top = MARGIN + HEAD;
  const size = {
    width: width + 2 * MARGIN,
    height: top + height + GAP + lines.length * LINE + MARGIN - LINE / 2,
  };
  const indent = lines.some(({ shades }) => shades) ? SAMPLE + 8 : 0;
  const sheet = (
    <svg
      {...size}
      viewBox={`0 0 ${size.width} ${size.height}`}
      fontFamily={FIGURE_FONT}
      fontSize={FONT_SIZE}
    >
      <title>{title}</title>
      <rect width="100%" height="100%" fill="#ffffff" />
      <text x={MARGIN} y={MARGIN + 12} fontSize={14} fontWeight="600" fill={PAPER_PALETTE.text}>
        {title}
      </text>
      <g transform={`translate(${MARGIN} ${top})`}>{drawing}</g>
      <g
        transform={`translate(${MARGIN} ${top + height + GAP + FONT_SIZE})`}
        fill={PAPER_PALETTE.muted}
      >
        {lines.map((line, i) => (
          <Line key={i} line={line} y={i * LINE} indent={indent} />
        ))}
      </g>
    </svg>
  );
  return figureOf(sheet, size);
}

function Line({ line, y, indent }: { line: CaptionLine; y: number; indent: number }) {
  const { text, shades, dash } = line;
  return (
    <>
      {shades && (
        <line
          x2={SAMPLE}
          y1={y - 4}
          y2={y - 4}
          stroke={PAPER_PALETTE.shade(shades)}
          strokeWidth={2}
          strokeDasharray={dash}
        />
      )}
      <text x={indent} y={y}>
        {text}
      </text>
    </>
  );
}

/** Lines that fit the width, broken between words. */
function wrapped(line: CaptionLine, width: number): CaptionLine[] {
  const most = Math.floor((width - SAMPLE - 8) / (ADVANCE * FONT_SIZE));
  const rows: string[] = [];
  let row = '';
  for (const word of line.text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > most) {
      rows.push(row);
      row = word;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  rows.push(row);
  return rows.map((text, i) => (i === 0 ? { ...line, text } : { text }));
}
