import { type Shades, themed } from './codecStyle';

/** Colours of lines that stand for no codec, as in `tokens.css`. */
export const ACCENT: Shades = { light: '#0a7267', dark: '#5cc4b7' };
export const ORIGINAL: Shades = { light: '#15191d', dark: '#e9ecef' };
export const WARN: Shades = { light: '#7a5200', dark: '#e5bd6f' };
export const NEUTRAL: Shades = { light: '#7d8893', dark: '#66717c' };
export const RED: Shades = { light: '#c93a2e', dark: '#ff7a6e' };
export const GREEN: Shades = { light: '#1d7f3e', dark: '#58c878' };
export const BLUE: Shades = { light: '#2c5fd0', dark: '#7ca6ff' };

/** Colours of a chart, so that the same drawing stands on the page and on paper. */
export interface ChartPalette {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly line: string;
  readonly surface: string;
  /** Of numbers on axes, as CSS has it. */
  readonly fontSize: string;
  shade(colours: Shades): string;
}

/** Follows the page's theme. */
export const SCREEN_PALETTE: ChartPalette = {
  text: 'var(--text)',
  muted: 'var(--text-2)',
  grid: 'var(--line)',
  line: 'var(--line-strong)',
  surface: 'var(--surface)',
  fontSize: 'min(var(--size-xs), 14px)',
  shade: themed,
};

/** On white, with no style sheet around. */
export const PAPER_PALETTE: ChartPalette = {
  text: '#15191d',
  muted: '#444e58',
  grid: '#e3e6e9',
  line: '#7d8893',
  surface: '#ffffff',
  fontSize: '11px',
  shade: ({ light }) => light,
};

/** Of drawings that stand without a style sheet. */
export const FIGURE_FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';
