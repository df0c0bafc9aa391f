import type { Shades } from '../../ui/codecStyle';

/** After Okabe and Ito, told apart by lightness too; both shades hold 3:1 on their ground. */
const MARK_SHADES: readonly Shades[] = [
  { light: '#c04a00', dark: '#ff9d57' },
  { light: '#0068ad', dark: '#62b5ff' },
  { light: '#8a6d00', dark: '#f0d43a' },
  { light: '#9c2f77', dark: '#f09ccf' },
  { light: '#00785a', dark: '#3ddba8' },
  { light: '#5b3fb5', dark: '#b3a0ff' },
  { light: '#b3261e', dark: '#ff8a80' },
  { light: '#456070', dark: '#a9c4d4' },
];

/** The colour of a mark; beyond eight marks they come round again. */
export const markShades = (colour: number): Shades => MARK_SHADES[colour % MARK_SHADES.length];

export const POINTED_SHADES: Shades = { light: '#444e58', dark: '#aab3bc' };
