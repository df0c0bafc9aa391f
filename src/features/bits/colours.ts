import { colourTable, divergingTable } from '../../core/cube/colourMaps';

/** Colours of bits, and of magnitudes. */
export const SEQUENTIAL = colourTable('viridis');

/** Colours of differences with a sign. */
export const DIVERGING = divergingTable();
