import { type Shades, themed } from './codecStyle';

interface LineMarkProps {
  readonly colour: Shades;
  /** SVG dash pattern; a solid line by default. */
  readonly dash?: string;
}

/** A sample of the line that stands for something in a chart. */
export function LineMark({ colour, dash }: LineMarkProps) {
  return (
    <svg className="line-mark" width="22" height="10" aria-hidden="true">
      <line
        x2="22"
        y1="5"
        y2="5"
        stroke={themed(colour)}
        strokeWidth="2.5"
        strokeDasharray={dash}
      />
    </svg>
  );
}
