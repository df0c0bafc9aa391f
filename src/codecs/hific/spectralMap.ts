import * as tf from '@tensorflow/tfjs-core';
import { type ResampleMatrix, resample } from '../../core/cube/resample';

/** An affine map of spectra x [from] → x M + v [to]. */
export interface SpectralMap {
  readonly from: number;
  readonly to: number;
  /** M, [from, to], in double precision until it is applied. */
  readonly matrix: Float64Array;
  /** v, [to]. */
  readonly offset: Float64Array;
}

export function identityMap(bands: number): SpectralMap {
  const matrix = new Float64Array(bands * bands);
  for (let band = 0; band < bands; band++) matrix[band * bands + band] = 1;
  return { from: bands, to: bands, matrix, offset: new Float64Array(bands) };
}

/** A map followed by a change of bands. */
export function ontoBands(
  { from, matrix, offset }: SpectralMap,
  bands: ResampleMatrix,
): SpectralMap {
  return {
    from,
    to: bands.to,
    matrix: Float64Array.from(resample(bands, matrix)),
    offset: Float64Array.from(resample(bands, offset)),
  };
}

/** Maps the spectra of an image [1, h, w, from], which it disposes, on the device: [1, h, w, to]. */
export function mapSpectra(image: tf.Tensor4D, map: SpectralMap): tf.Tensor4D {
  const mapped = tf.tidy(() => {
    const [, height, width] = image.shape;
    const spectra = tf.reshape(image, [height * width, map.from]);
    const matrix = tf.tensor2d(Float32Array.from(map.matrix), [map.from, map.to]);
    const moved = tf.add(tf.matMul(spectra, matrix), tf.tensor1d(Float32Array.from(map.offset)));
    return tf.reshape(moved, [1, height, width, map.to]) as tf.Tensor4D;
  });
  image.dispose();
  return mapped;
}
