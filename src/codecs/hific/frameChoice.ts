import { tileLayout } from '../../core/bitstream/tiles';
import { decodeFrame, encodeFrame } from '../../core/entropy/frameCoder';
import type { ModelFile } from '../../nn/modelFile';
import { Turns } from '../turn';
import type { JobContext } from '../types';
import { type PlannedImage, windowImage } from './analysis';
import { frameOfSymbols, type SpectralFrame } from './frame';
import { FrameBasis } from './frameBasis';
import { searchFrame, theoreticalRate } from './frameSearch';
import { type FrameStatistics, FrameSurvey } from './frameStatistics';
import { highestRate, lambdaAt } from './rate';
import { spread } from './windows';

/** A spectral frame as files hold it and what it stands for; no bytes where there is none. */
export interface ChosenFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frame?: SpectralFrame;
}

export const NO_FRAME: ChosenFrame = { bytes: new Uint8Array(0) };

/** Blocks that are surveyed at most: more change no choice. */
const MAX_BLOCKS = 144;

/** Stored rates by which files are finer than by theory, which knows no context: 20 to 35 as a rule. */
const CONTEXT_GAIN = 24;

/** Chooses spectral frames for one image. */
export class FrameChoice {
  private constructor(
    private readonly file: ModelFile,
    private readonly pixels: number,
    /** None for a model without frames. */
    private readonly statistics: FrameStatistics | undefined,
  ) {}

  /** Surveys an image. Throws read errors and `aborted`. */
  static async of(file: ModelFile, image: PlannedImage, job: JobContext): Promise<FrameChoice> {
    const { width, height } = image.source.info;
    if (!file.frame) return new FrameChoice(file, width * height, undefined);
    const survey = new FrameSurvey(new FrameBasis(file.frame, file.spec));
    const turns = new Turns(job, 'analysis transform');
    const blocks = spread(tileLayout(width, height).latents, MAX_BLOCKS);
    for (const [done, { x, y }] of blocks.entries()) {
      if (turns.due()) await turns.take(done / blocks.length);
      const one = (at: number) => ({ whole: { from: at, to: at + 1 } });
      const { samples } = await windowImage(image, { x: one(x), y: one(y) }, job.signal);
      survey.add(samples);
    }
    return new FrameChoice(file, width * height, survey.statistics());
  }

  /** About the stored rate at which the image takes so many bits per pixel; the middle one else. */
  guessRate(bpp: number): number {
    const { lambdas } = this.file.spec;
    const highest = highestRate(lambdas.length);
    let [low, high] = [0, highest];
    const { statistics } = this;
    if (!statistics) return high >> 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (theoreticalRate(statistics, lambdaAt(lambdas, middle)) <= bpp) low = middle;
      else high = middle - 1;
    }
    return Math.min(highest, low + CONTEXT_GAIN);
  }

  /** The best frame of the image at a stored rate. */
  at(rate: number): ChosenFrame {
    const { entropy, spec } = this.file;
    if (!this.statistics || !entropy.frame) return NO_FRAME;
    const lambda = lambdaAt(spec.lambdas, rate);
    const symbols = searchFrame(entropy, this.statistics, lambda, this.pixels);
    if (!symbols) return NO_FRAME;
    // The frame is that of the decoded bytes, so that decoders work in the very same.
    return chosenFrame(this.file, encodeFrame(entropy, symbols));
  }
}

/** The frame that bytes stand for. Throws `bitstream` for bytes that are none. */
export function chosenFrame(
  { entropy }: Pick<ModelFile, 'entropy'>,
  bytes: Uint8Array<ArrayBuffer>,
): ChosenFrame {
  const decoded = decodeFrame(entropy, bytes);
  return decoded ? { bytes, frame: frameOfSymbols(entropy, decoded) } : NO_FRAME;
}
