import { isDataSample } from '../cube/normalize';
import type { SampleArray } from '../cube/types';

/**
 * The image in which every pixel has the cube's mean spectrum: what no codec may fall below, for
 * it costs nearly nothing. BIP, same shape; bands without any data become 0.
 */
export function meanSpectrumImage(
  samples: SampleArray,
  bands: number,
  noDataValue?: number,
): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(bands);
  const counts = new Float64Array(bands);
  for (let i = 0; i < samples.length; i++) {
    if (!isDataSample(samples[i], noDataValue)) continue;
    sums[i % bands] += samples[i];
    counts[i % bands]++;
  }
  const mean = sums.map((sum, band) => (counts[band] > 0 ? sum / counts[band] : 0));
  return Float32Array.from({ length: samples.length }, (_, i) => mean[i % bands]);
}
