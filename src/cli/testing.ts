import type { Measurement } from './measure';

/** A point whose figures are all made up; tests state those that matter. */
export function point(figures: Partial<Measurement>): Measurement {
  return {
    cube: 'town',
    codec: 'hific-se',
    rate: 0.4,
    psnr: 30,
    ssim: 0.9,
    sam: 2,
    samMax: 9,
    bpp: 0.5,
    bpppc: 0.005,
    bytes: 625,
    ratio: 3200,
    estimatedBits: 4800,
    encodeMs: 10,
    decodeMs: 5,
    width: 100,
    height: 100,
    bands: 100,
    tiles: 1,
    metadataBytes: 0,
    sections: { header: 25, metadata: 0, sideInformation: 50, latents: 550 },
    rmse: 12,
    maxError: 80,
    clippedShare: 0.001,
    meanSpectrumPsnr: 15,
    symbols: '00',
    backend: 'wasm',
    ...figures,
  };
}
