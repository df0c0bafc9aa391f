import { HscError } from '../../core/errors';
import type { ModelFile } from '../../nn/modelFile';
import { DOWNSAMPLING } from '../../nn/spec';

/** Inner products of one spectral component's synthesis kernels over the visible part of a block. */
export interface ComponentGram {
  /** The component's latents: `first` … `first + count` − 1. */
  readonly first: number;
  readonly count: number;
  /** [count, count] */
  readonly products: Float64Array;
}

/**
 * Gram matrices of the linear synthesis' kernels. Spectral components are orthonormal, so kernels of
 * different components do not overlap.
 */
export class KernelGrams {
  private readonly known = new Map<string, readonly ComponentGram[]>();

  private constructor(
    private readonly counts: readonly number[],
    /** [16, 16, latents] */
    private readonly kernel: ArrayLike<number>,
    /** Latents that the bypass gives, the first of all. */
    readonly latents: number,
  ) {}

  /** Undefined for a model without a bypass. Throws `bad-file` where the weights lack the kernels. */
  static of({ spec, parameters }: ModelFile): KernelGrams | undefined {
    if (!spec.bypass) return undefined;
    const kernel = parameters.get('bypass.synthesis.kernel');
    if (!kernel) throw new HscError('bad-file', 'The weights lack bypass.synthesis.kernel.');
    return new KernelGrams(spec.bypass.counts, kernel.data, kernel.shape[2]);
  }

  /** Of a block whose first `rows` × `columns` pixels lie in the image; components in order. */
  over(rows: number, columns: number): readonly ComponentGram[] {
    const key = `${rows} ${columns}`;
    const known = this.known.get(key);
    if (known) return known;
    let first = 0;
    const grams = this.counts.map((count) => {
      first += count;
      return this.gram(first - count, count, rows, columns);
    });
    this.known.set(key, grams);
    return grams;
  }

  private gram(first: number, count: number, rows: number, columns: number): ComponentGram {
    const products = new Float64Array(count * count);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const at = (y * DOWNSAMPLING + x) * this.latents + first;
        for (let a = 0; a < count; a++) {
          const own = this.kernel[at + a];
          for (let b = 0; b <= a; b++) products[a * count + b] += own * this.kernel[at + b];
        }
      }
    }
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < a; b++) products[b * count + a] = products[a * count + b];
    }
    return { first, count, products };
  }
}
