import { analyseLines, type Lines, synthesiseLines } from './lifting';

export interface Volume {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** Levels of decomposition along the spectrum and in space. */
export interface Levels {
  readonly spectral: number;
  readonly spatial: number;
}

/** 3-D wavelet (packet) transform of BSQ samples, in place; coefficients stay interleaved. */
export function analyse(data: Float32Array, volume: Volume, levels: Levels): void {
  for (const lines of steps(volume, levels)) analyseLines(data, lines);
}

/** Undoes {@link analyse}. */
export function synthesise(data: Float32Array, volume: Volume, levels: Levels): void {
  for (const lines of [...steps(volume, levels)].reverse()) synthesiseLines(data, lines);
}

function* steps({ width, height, bands }: Volume, { spectral, spatial }: Levels): Generator<Lines> {
  const plane = width * height;
  for (let level = 0; level < spectral; level++) {
    const length = Math.ceil(bands / 2 ** level);
    yield { start: 0, length, stride: plane * 2 ** level, count: plane, spacing: 1 };
  }
  for (let band = 0; band < bands; band++) {
    const start = band * plane;
    for (let level = 0; level < spatial; level++) {
      const step = 2 ** level;
      const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
      yield { start, length: columns, stride: step, count: rows, spacing: width * step };
      yield { start, length: rows, stride: width * step, count: columns, spacing: step };
    }
  }
}
