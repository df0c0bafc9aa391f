import type { SampleType } from '../cube/types';
import type { ImageShape } from './images';

/** The cost of a whole file, in every unit that the field uses. */
export interface Rate {
  readonly bytes: number;
  /** Bits of the whole file per spatial pixel. */
  readonly bpp: number;
  /** Bits of the whole file per pixel and coded band. */
  readonly bpppc: number;
  /** Compression ratio against the coded bands in the input's stored type. */
  readonly ratio: number;
}

/** Bytes of one sample of each type. */
export const SAMPLE_BYTES: Readonly<Record<SampleType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
};

export function rate(bytes: number, shape: ImageShape, type: SampleType): Rate {
  const pixels = shape.width * shape.height;
  const bpp = (8 * bytes) / pixels;
  return {
    bytes,
    bpp,
    bpppc: bpp / shape.bands,
    ratio: (pixels * shape.bands * SAMPLE_BYTES[type]) / bytes,
  };
}
