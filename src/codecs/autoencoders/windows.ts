import type { GridSize } from '../../core/entropy/hyperSynthesis';
import type { Reach } from '../../nn/neighbours/autoencoder';
import { type LatentWindow, planWindows } from '../hific/windows';

/** An image's latents in positions: its size in strides, rounded up. */
export function latentSize({ width, height }: GridSize, { stride }: Reach): GridSize {
  return { width: Math.ceil(width / stride), height: Math.ceil(height / stride) };
}

/** Windows whose cores cover the latents once, each with what its network sees beside it. */
export function windowsOf(image: GridSize, network: Reach): LatentWindow[] {
  return planWindows(latentSize(image, network), network.halo, network.core, network.core);
}

/** The pixel that stands at a place beyond the image's end: the image is mirrored there. */
export function mirrored(at: number, size: number): number {
  const inPeriod = at % (2 * size);
  return inPeriod < size ? inPeriod : 2 * size - 1 - inPeriod;
}
