import type { FileFacts } from '../codecs/inspect';
import type { PixelWindow } from '../core/cube/types';

/** What is known of the file of an open reconstruction. */
export interface HeldFacts extends FileFacts {
  /** Its damaged tiles, in pixels; the reconstruction has no data there. */
  readonly lost?: readonly PixelWindow[];
}
