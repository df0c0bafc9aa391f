import { HscError } from '../core/errors';
import type { BackendName, Reconstruction } from './api';
import type { EngineLink } from './outlivingEngine';

/** Pixels a side of the grid whose spectra are compared. */
const SIDE = 5;
/** JavaScript takes seconds for a thousand pixels: larger images are restored by WebAssembly. */
const MOST_IN_JAVASCRIPT = 128 ** 2;

/** What came of decoding a file a second time. */
export interface Verification {
  /** Where it was decoded anew. */
  readonly backend: BackendName;
  /** Whether all symbols are the same: anything else is a fault of the studio. */
  readonly sameSymbols: boolean;
  /** Pixels whose spectra were compared. */
  readonly pixels: number;
  /**
   * Largest difference of a sample, as a share of the file's value range: networks are
   * computed in floating point, and backends add in different orders.
   */
  readonly difference: number;
}

/** What is to be verified, and where. */
export interface Verified {
  readonly of: Reconstruction;
  /** Decodes the same file in the engine given. */
  decode(api: EngineLink['api']): Promise<Reconstruction>;
  /** A spectrum of the reconstruction that is verified, by column and row. */
  spectrum(x: number, y: number): Promise<Float32Array>;
}

/** A backend other than the one that decoded the file, where one can do it in reasonable time. */
export function otherBackend({ backend, info }: Reconstruction): BackendName {
  const small = info.width * info.height <= MOST_IN_JAVASCRIPT;
  return backend === 'wasm' && small ? 'cpu' : 'wasm';
}

/**
 * Decodes in an engine of its own, which is ended afterwards, and compares. Throws what decoding
 * throws, `aborted` where the signal fires.
 */
export async function verifyIn(
  link: EngineLink,
  baseUrl: string,
  verified: Verified,
  signal?: AbortSignal,
): Promise<Verification> {
  const end = () => link.end(new HscError('aborted', 'The check was cancelled.'));
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    return await Promise.race([compared(link.api, baseUrl, verified), link.broken]);
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

async function compared(
  api: EngineLink['api'],
  baseUrl: string,
  { of, decode, spectrum }: Verified,
): Promise<Verification> {
  const { chosen } = await api.start(baseUrl, otherBackend(of));
  const anew = await decode(api);
  const { width, height } = of.info;
  const span = of.range.high - of.range.low;
  let difference = 0;
  for (const y of places(height)) {
    for (const x of places(width)) {
      const [here, there] = await Promise.all([spectrum(x, y), api.spectrum(anew.id, x, y)]);
      difference = Math.max(difference, largestDifference(here, there) / span);
    }
  }
  return {
    backend: chosen.name,
    sameSymbols: anew.symbolDigest === of.symbolDigest,
    pixels: places(width).length * places(height).length,
    difference,
  };
}

/** Places along an axis, from its first to its last. */
function places(length: number): readonly number[] {
  const steps = Array.from({ length: SIDE }, (_, i) => Math.round((i * (length - 1)) / (SIDE - 1)));
  return [...new Set(steps)];
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (const [i, value] of a.entries()) {
    // Damaged tiles have no samples in either.
    if (Number.isNaN(value) && Number.isNaN(b[i])) continue;
    const own = Math.abs(value - b[i]);
    largest = Number.isNaN(own) ? Number.POSITIVE_INFINITY : Math.max(largest, own);
  }
  return largest;
}
