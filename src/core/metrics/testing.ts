import fc from 'fast-check';
import images from './golden/images.json';

/** The golden pairs of images, with arrays for samples; bands without an SSIM hold null. */
export const CASES = Object.entries(images).map(
  ([name, { original, reconstruction, ...rest }]) => ({
    ...rest,
    name,
    original: Int16Array.from(original),
    reconstruction: Int16Array.from(reconstruction),
    bandSsim: rest.bandSsim as readonly (number | null)[],
  }),
);

export const RANGE = { low: 0, high: 1000 };

/** Pairs of BIP arrays whose samples lie in and a little outside `RANGE`. */
export function imagePairs(shape: { width: number; height: number; bands: number }) {
  const length = shape.width * shape.height * shape.bands;
  const samples = fc
    .array(fc.integer({ min: -100, max: 1200 }), { minLength: length, maxLength: length })
    .map((values) => Int16Array.from(values));
  return fc.tuple(samples, samples);
}
