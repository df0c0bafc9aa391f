import example from './example.json';

/** A part of a shipped scene, its file's figures and one pixel's spectra, made by `npm run example`. */
export interface Example {
  readonly sample: string;
  readonly title: string;
  readonly codec: string;
  readonly codecLabel: string;
  readonly targetRate: number;
  /** Side of the part in pixels, in the middle of the scene. */
  readonly side: number;
  readonly bytes: number;
  /** Against the samples as they are stored. */
  readonly ratio: number;
  readonly psnr: number;
  /** Degrees. */
  readonly sam: number;
  readonly wavelengthsNm: readonly number[];
  readonly original: readonly number[];
  readonly restored: readonly number[];
}

export const EXAMPLE: Example = example;
