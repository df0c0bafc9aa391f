import type { Placement } from '../../engine/tuningTypes';
import type { Shades } from '../../ui/codecStyle';

/** How a placement is named and drawn, and what the paper found of it. */
export interface PlacementWords {
  /** Beside a curve. */
  readonly short: string;
  readonly name: string;
  readonly shades: Shades;
  /** PSNR in dB and iterations a second of Table II (Byju et al.). */
  readonly paper?: { readonly psnr: number; readonly speed: number };
}

export const PLACEMENT_WORDS: Readonly<Record<Placement, PlacementWords>> = {
  plain: {
    short: 'plain',
    name: 'Neither (HiFiC opt)',
    shades: { light: '#1f66c1', dark: '#6cabff' },
  },
  'se-input': {
    short: 'SE in',
    name: 'SE at the input of E',
    shades: { light: '#6b6b00', dark: '#e6df5a' },
    paper: { psnr: 29.8, speed: 7.84 },
  },
  'se-encoder': {
    short: 'SE E',
    name: 'SE at the input and after the norms of E',
    shades: { light: '#b75000', dark: '#f5a623' },
    paper: { psnr: 30.12, speed: 7.49 },
  },
  'se-both': {
    short: 'SE E+G',
    name: 'SE in E and G, after the norms',
    shades: { light: '#b3261e', dark: '#ff8f85' },
    paper: { psnr: 30.89, speed: 7.01 },
  },
  '3d-ends': {
    short: '3-D ends',
    name: '3-D first in E and last in G',
    shades: { light: '#a6307c', dark: '#f08cc8' },
    paper: { psnr: 29.24, speed: 9.25 },
  },
  '3d-all': {
    short: '3-D all',
    name: '3-D everywhere in E and G',
    shades: { light: '#007a5a', dark: '#3fd0a0' },
    paper: { psnr: 30.12, speed: 7.31 },
  },
};
