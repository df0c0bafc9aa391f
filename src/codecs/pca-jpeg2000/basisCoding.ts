import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import type { BitPort } from '../../core/entropy/bitPort';
import { orthonormalise, type Rows } from '../../core/linear/matrix';
import type { SpectralBasis } from '../components/transform';

/**
 * A cube's own mean and components as whole numbers. Each is taken as its cosine transform along
 * the bands, for spectra are smooth; components are scaled by their standard deviation first, so
 * that one step wastes the same error on all: a rounding of σ v by e adds e² to every pixel.
 */
export interface QuantisedBasis {
  /** Coefficients are whole numbers of 2^(−`stepCode` / 2). */
  readonly stepCode: number;
  /** [bands] */
  readonly mean: Int32Array;
  /** [components, bands] */
  readonly components: readonly Int32Array[];
}

const stepSize = (stepCode: number) => 2 ** (-stepCode / 2);

/** Rows of the orthonormal DCT-II matrix by frequency, [bands] each, made when they are first asked for. */
export type Cosines = (frequency: number) => Float64Array;

export function cosines(bands: number): Cosines {
  const rows = new Map<number, Float64Array>();
  return (k) => {
    const known = rows.get(k);
    if (known) return known;
    const scale = Math.sqrt((k === 0 ? 1 : 2) / bands);
    const row = new Float64Array(bands);
    for (let b = 0; b < bands; b++) row[b] = scale * Math.cos((Math.PI * (b + 0.5) * k) / bands);
    rows.set(k, row);
    return row;
  };
}

/** `scaled`: components times their standard deviations, [components, bands]. */
export function quantiseBasis(
  mean: Float64Array,
  scaled: Rows,
  stepCode: number,
  transform: Cosines,
): QuantisedBasis {
  const step = stepSize(stepCode);
  const quantise = (row: Float64Array) =>
    Int32Array.from(row, (_, k) => {
      const cosine = transform(k);
      let sum = 0;
      for (let b = 0; b < row.length; b++) sum += cosine[b] * row[b];
      return Math.round(sum / step);
    });
  return { stepCode, mean: quantise(mean), components: scaled.map(quantise) };
}

/** The basis that a decoder has: orthonormal whatever the rounding did. */
export function restoreBasis(
  { stepCode, mean, components }: QuantisedBasis,
  transform: Cosines,
): SpectralBasis {
  const step = stepSize(stepCode);
  const restore = (row: Int32Array) => {
    const restored = new Float64Array(row.length);
    for (const [k, value] of row.entries()) {
      if (value === 0) continue;
      const cosine = transform(k);
      for (let b = 0; b < restored.length; b++) restored[b] += step * value * cosine[b];
    }
    return restored;
  };
  const vectors = components.map(restore);
  orthonormalise(vectors);
  return { mean: restore(mean), vectors };
}

/** Coefficients share a model with those of like frequency, and those after two zeros. */
const OCTAVES = 15;
const MODELS = 2 * OCTAVES;

function modelOf(frequency: number, quiet: boolean): number {
  const octave = Math.min(OCTAVES - 1, 32 - Math.clz32(frequency));
  return 2 * octave + (quiet ? 1 : 0);
}

/** Codes mean and components, in this order; `onRow` hears of each row's end. */
export function codeBasis(
  port: BitPort,
  bands: number,
  components: number,
  given?: QuantisedBasis,
  onRow?: () => void,
): QuantisedBasis {
  const meanModels = new AdaptiveIntegers(MODELS);
  const models = new AdaptiveIntegers(MODELS);
  const stepCode = port.codeRaw(given?.stepCode ?? 0, 8);
  const mean = codeRow(port, meanModels, bands, given?.mean);
  onRow?.();
  const rows: Int32Array[] = [];
  for (let k = 0; k < components; k++) {
    rows.push(codeRow(port, models, bands, given?.components[k]));
    onRow?.();
  }
  return { stepCode, mean, components: rows };
}

function codeRow(
  port: BitPort,
  models: AdaptiveIntegers,
  bands: number,
  given: Int32Array | undefined,
): Int32Array {
  const row = new Int32Array(bands);
  for (let k = 0; k < bands; k++) {
    const quiet = k >= 2 && row[k - 1] === 0 && row[k - 2] === 0;
    row[k] = models.code(port, modelOf(k, quiet), given?.[k] ?? 0);
  }
  return row;
}
