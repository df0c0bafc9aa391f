/** The colour map of differences: dark where there is none, lighter all the way. */
export const DIFFERENCE_MAP = 'inferno';
