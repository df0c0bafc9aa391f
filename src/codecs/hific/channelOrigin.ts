import { HscError } from '../../core/errors';
import type { ModelFile } from '../../nn/modelFile';
import { DOWNSAMPLING as BLOCK } from '../../nn/spec';

/** What a latent channel of the linear bypass stands for. */
export interface ChannelOrigin {
  /** Spectral component, from 0: the one of most energy. */
  readonly component: number;
  /** Place among the component's own channels, from 0. */
  readonly order: number;
  /**
   * Cycles of the block DCT that most energy of the channel's synthesis kernel lies in, in half
   * periods a block: [down, across], 0 … 15 each.
   */
  readonly frequency: readonly [down: number, across: number];
}

/**
 * Origins of the channels that the linear bypass gives, the first of all; none for a model without
 * one. Throws `bad-file` where the weights lack the kernels.
 */
export function channelOrigins({ spec, parameters }: ModelFile): readonly ChannelOrigin[] {
  if (!spec.bypass) return [];
  const kernel = parameters.get('bypass.synthesis.kernel');
  if (!kernel) throw new HscError('bad-file', 'The weights lack bypass.synthesis.kernel.');
  const latents = kernel.shape[2];
  const origins = spec.bypass.counts.flatMap((count, component) =>
    Array.from({ length: count }, (_, order) => ({ component, order })),
  );
  return origins.map((origin, channel) => ({
    ...origin,
    frequency: strongestFrequency(
      Float64Array.from({ length: BLOCK * BLOCK }, (_, i) => kernel.data[i * latents + channel]),
    ),
  }));
}

/** Orthonormal DCT-II, [frequency, sample]. */
const COSINES = Array.from({ length: BLOCK }, (_, k) =>
  Float64Array.from(
    { length: BLOCK },
    (_, n) => Math.sqrt((k ? 2 : 1) / BLOCK) * Math.cos((Math.PI * k * (n + 0.5)) / BLOCK),
  ),
);

/** The largest coefficient of a block [16, 16]. */
function strongestFrequency(block: Float64Array): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  let most = -1;
  for (const [across, cosine] of COSINES.entries()) {
    const lines = COSINES.map((_, y) =>
      cosine.reduce((sum, value, x) => sum + value * block[y * BLOCK + x], 0),
    );
    for (const [down, column] of COSINES.entries()) {
      const size = Math.abs(column.reduce((sum, value, y) => sum + value * lines[y], 0));
      if (size <= most) continue;
      most = size;
      best = [down, across];
    }
  }
  return best;
}
