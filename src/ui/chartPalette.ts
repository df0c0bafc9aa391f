import { type Shades, themed } from './codecStyle';

/** Colours of a chart, so that the same drawing stands on the page and on paper. */
export interface ChartPalette {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly line: string;
  readonly surface: string;
  shade(colours: Shades): string;
}

/** Follows the page's theme. */
export const SCREEN_PALETTE: ChartPalette = {
  text: 'var(--text)',
  muted: 'var(--text-2)',
  grid: 'var(--line)',
  line: 'var(--line-strong)',
  surface: 'var(--surface)',
  shade: themed,
};

/** On white, with no style sheet around. */
export const PAPER_PALETTE: ChartPalette = {
  text: '#15191d',
  muted: '#444e58',
  grid: '#e3e6e9',
  line: '#7d8893',
  surface: '#ffffff',
  shade: ({ light }) => light,
};
