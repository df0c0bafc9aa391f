import { vi } from 'vitest';
import type { CubeInfo } from '../core/cube/types';
import type { Distortion } from '../core/metrics/distortion';
import type { Figures } from '../core/metrics/figures';
import type { Encoded, Measured, OpenedCube, Picture, Reconstruction } from '../engine/api';
import type { Engine } from './store';

/** Stand-ins for the tests of the state and of the panels. */

export const INFO: CubeInfo = {
  name: 'field',
  width: 120,
  height: 100,
  bands: 3,
  sampleType: 'uint16',
  wavelengthsNm: [450, 550, 650],
};

export function opened(id: string, info: CubeInfo = INFO): OpenedCube {
  return { id, info, format: 'ENVI', candidates: [], chosen: '' };
}

export function decoded(id: string, info: CubeInfo = INFO): Reconstruction {
  return {
    id,
    info,
    codec: 'hific-opt',
    codecLabel: 'HiFiC opt',
    bytes: 300,
    sections: { header: 20, metadata: 10, sideInformation: 20, latents: 250 },
    estimatedBits: 2150,
    decodeMs: 12,
    backend: 'wasm',
    storedType: 'uint16',
    range: { low: 0, high: 1 },
    codedBands: [0, 1, 2],
  };
}

export const DISTORTION: Distortion = {
  psnr: 31.5,
  samDegrees: 2.25,
  samMaxDegrees: 9.5,
  rmse: 12.5,
  maxError: 80,
  clippedShare: 0.001,
  samples: 100,
};

export const FIGURES: Figures = { ...DISTORTION, ssim: 0.95, gmsd: 0.02 };

export const PICTURE: Picture = {
  width: 1,
  height: 1,
  stride: 1,
  rgba: new Uint8ClampedArray([1, 2, 3, 255]),
  stretch: [{ low: 0, high: 1 }],
};

/** A file whose size follows its target rate on a patch of 96 × 96 pixels and 3 bands. */
export function measured(rate: number): Measured {
  const bytes = Math.round(rate * 1152);
  return {
    file: new Uint8Array(bytes),
    figures: { ...FIGURES, psnr: 30 + 5 * Math.log2(rate) },
    rate: { bytes, bpp: rate, bpppc: rate / 3, ratio: 48 / rate },
    encodeMs: 20,
    decodeMs: 10,
    backend: 'wasm',
    picture: PICTURE,
  };
}

/** An engine that answers at once; each test replaces what it is about. */
export function fakeEngine(parts: Partial<Engine> = {}): Engine {
  const engine: Engine = {
    start: vi.fn(async () => ({
      chosen: { name: 'wasm' as const, adapter: 'CPU', software: false },
      reports: [{ name: 'wasm' as const, adapter: 'CPU', software: false }],
    })),
    codecs: vi.fn(async () => [
      {
        id: 'hific-opt',
        label: 'HiFiC opt',
        family: 'hific',
        description: 'A learned codec. A citation.',
        targetRates: [0.2, 0.4, 0.6, 0.8, 1],
        rateRange: [0.2, 1] as const,
        grids: ['vnir-128'],
        version: '1',
      },
    ]),
    samples: vi.fn(async () => [{ id: 'field', title: 'Field', description: 'A field' }]),
    open: vi.fn(async (id: string) => opened(id)),
    openSample: vi.fn(async (id: string) => opened(id)),
    encode: vi.fn(
      async ({ reconstruction, window }): Promise<Encoded> => ({
        file: new Uint8Array(300),
        reconstruction: decoded(reconstruction, {
          ...INFO,
          width: window.width,
          height: window.height,
        }),
        report: { encodeMs: 34 },
      }),
    ),
    decode: vi.fn(async (id: string) => decoded(id)),
    survey: vi.fn(async ({ cube, window, bands }) => ({
      digest: JSON.stringify([cube, window, bands]),
      range: { low: 0, high: 1 },
      picture: PICTURE,
    })),
    measure: vi.fn(async ({ rate }) => measured(rate)),
    endSurvey: vi.fn(async () => {}),
    picture: vi.fn(async () => PICTURE),
    spectrum: vi.fn(async () => Float32Array.of(1, 2, 3)),
    compare: vi.fn(async () => DISTORTION),
    locate: vi.fn(async () => ({ x: 0, y: 0, width: INFO.width, height: INFO.height })),
    exportCube: vi.fn(async () => []),
    memory: vi.fn(async () => ({ cubes: 0, tensors: 0 })),
    close: vi.fn(async () => {}),
  };
  return { ...engine, ...parts };
}
