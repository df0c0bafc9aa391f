import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import { type BitPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeEncoder } from '../../core/entropy/rangeCoder';
import { type SpectralPlace, spectralOrder } from './blocks';
import { analyseLines, synthesiseLines } from './lifting';
import { spectralSteps } from './transform';

/** The mean spectrum as whole numbers: its wavelet coefficients in steps of 2^(−`stepCode` / 2). */
export interface QuantisedMean {
  readonly stepCode: number;
  /** In the order of coding, [bands]. */
  readonly coefficients: Int32Array;
}

const MOST_STEP_CODE = 127;
const stepOf = (stepCode: number) => 2 ** (-stepCode / 2);

const levelsOf = (bands: number) => Math.ceil(Math.log2(bands));

/** The spectral coefficients alone, without brightness, which comes first. */
function placesOf(bands: number): readonly SpectralPlace[] {
  return spectralOrder(bands, levelsOf(bands)).slice(1);
}

function quantiseMean(mean: Float64Array, stepCode: number): QuantisedMean {
  const planes = Float32Array.from(mean);
  for (const lines of spectralSteps(mean.length, 1, levelsOf(mean.length))) {
    analyseLines(planes, lines);
  }
  const step = stepOf(stepCode);
  const places = placesOf(mean.length);
  return {
    stepCode,
    coefficients: Int32Array.from(places, ({ plane }) => Math.round(planes[plane] / step)),
  };
}

export function restoreMean({ stepCode, coefficients }: QuantisedMean): Float64Array {
  const bands = coefficients.length;
  const planes = new Float32Array(bands);
  const step = stepOf(stepCode);
  for (const [i, { plane }] of placesOf(bands).entries()) planes[plane] = coefficients[i] * step;
  const steps = [...spectralSteps(bands, 1, levelsOf(bands))].reverse();
  for (const lines of steps) synthesiseLines(planes, lines);
  return Float64Array.from(planes);
}

/** Codes a mean, or reads one of so many bands. Throws `bitstream` or `truncated`. */
export function codeMean(port: BitPort, bands: number, given?: QuantisedMean): QuantisedMean {
  const stepCode = port.codeRaw(given?.stepCode ?? 0, 7);
  const places = placesOf(bands);
  const last = places[places.length - 1].subband;
  const models = new AdaptiveIntegers(2 * (last + 1));
  const coefficients = new Int32Array(bands);
  for (const [i, { subband }] of places.entries()) {
    const quiet = i >= 2 && coefficients[i - 1] === 0 && coefficients[i - 2] === 0 ? 1 : 0;
    coefficients[i] = models.code(port, 2 * subband + quiet, given?.coefficients[i] ?? 0);
  }
  return { stepCode, coefficients };
}

/**
 * The mean as quantised beside coefficients of a quantiser step: an error of it hits every pixel, so its own
 * step is finer by the root of their number.
 */
export function quantisedBeside(mean: Float64Array, step: number, pixels: number): QuantisedMean {
  const code = Math.round(-2 * Math.log2(step / Math.sqrt(pixels)));
  return quantiseMean(mean, Math.max(0, Math.min(MOST_STEP_CODE, code)));
}

/** The same with its bytes. */
export function meanBeside(mean: Float64Array, step: number, pixels: number) {
  const quantised = quantisedBeside(mean, step, pixels);
  const encoder = new RangeEncoder();
  codeMean(new WritingPort(encoder), mean.length, quantised);
  return { quantised, bytes: encoder.finish() };
}
