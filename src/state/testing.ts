import { vi } from 'vitest';
import type { CubeInfo, PixelWindow } from '../core/cube/types';
import type { Distortion } from '../core/metrics/distortion';
import type { Figures } from '../core/metrics/figures';
import type { Encoded, Measured, OpenedCube, Picture, Reconstruction } from '../engine/api';
import type { Attention } from '../engine/attention';
import type { Difference, FileBits } from '../engine/bits';
import type {
  AblationListener,
  AblationOutcome,
  AblationRequest,
  TunedWeights,
  TuningEvent,
  TuningListener,
  TuningOutcome,
  TuningRequest,
} from '../engine/tuningTypes';
import type { Verification } from '../engine/verification';
import { createStudio, type Engine } from './store';

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
    symbolDigest: '253d2d5331da198f625ebef3052a9b94eede4cc7bd561cf1092c5947edcbd4e3',
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

export const VERIFICATION: Verification = {
  backend: 'cpu',
  sameSymbols: true,
  pixels: 25,
  difference: 2e-6,
};

export const FIGURES: Figures = { ...DISTORTION, ssim: 0.95, gmsd: 0.02 };

export const PICTURE: Picture = {
  width: 1,
  height: 1,
  stride: 1,
  rgba: new Uint8ClampedArray([1, 2, 3, 255]),
  stretch: [{ low: 0, high: 1 }],
};

/** Two blocks and three channels, of which the last is no spectral component's. */
export const FILE_BITS: FileBits = {
  bytes: 300,
  sections: { header: 20, metadata: 10, sideInformation: 20, latents: 250 },
  coded: { bytes: 270, estimatedBits: 2150 },
  latents: {
    width: 2,
    height: 1,
    channels: 3,
    latentBits: Float64Array.of(1500, 500),
    sideBits: Float64Array.of(100, 50),
    channelBits: Float64Array.of(400, 1500, 100),
    nonZeroShare: Float64Array.of(0.5, 1, 0.5),
    symbols: Int16Array.of(0, -7, 2, 1, 3, 0),
    symbolBits: Float32Array.of(100, 1350, 50, 300, 150, 50),
    origins: [
      { component: 0, order: 0, frequency: [0, 0] },
      { component: 1, order: 0, frequency: [0, 1] },
    ],
  },
};

/** A damaged tile. */
export const LOST: PixelWindow = { x: 0, y: 0, width: 60, height: 50 };

export const DIFFERENCE: Difference = {
  width: 2,
  height: 1,
  stride: 1,
  band: 1,
  signed: Float32Array.of(-2, 1),
  rms: Float32Array.of(2, 1),
  rmse: 1.5,
};

/** Three SE blocks of a patch of 96 × 96 pixels and 3 bands. */
export const ATTENTION: Attention = {
  blocks: [
    { block: 'encoder.se_input', part: 'input', gates: Float32Array.of(0.5, 0.25, 0.75) },
    { block: 'encoder.se0', part: 'encoder', gates: Float32Array.of(0.5, 1) },
    { block: 'generator.upse3', part: 'generator', gates: Float32Array.of(0.125, 0.875) },
  ],
  input: { wavelengthsNm: [450, 550, 650], nearest: [0, 1, 2], mean: Float32Array.of(1, 2, 3) },
  codedBands: [0, 1, 2],
  figures: {
    rate: { bytes: 691, bpp: 0.6, bpppc: 0.2, ratio: 80 },
    distortion: DISTORTION,
  },
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

export function tuned(codec: string, parts: Partial<TunedWeights> = {}): TunedWeights {
  const [like, digest] = codec.split('@');
  return { codec, digest, like, name: 'field', grid: 'vnir-128', bytes: 11e6, ...parts };
}

export function tuningStep(step: number): Extract<TuningEvent, { kind: 'step' }> {
  const terms = { loss: 4 / step, rate: 0.5 + 1 / step, psnr: 30 - 4 / step };
  return { kind: 'step', step, terms, learningRate: 1e-4, gradient: 2 / step, milliseconds: 100 };
}

export function tuningValidation(
  step: number,
  gain: number,
): Extract<TuningEvent, { kind: 'validation' }> {
  const points = [0.2, 0.6, 1].map((target) => ({
    target,
    bpp: 0.98 * target,
    rates: [0.98 * target],
    psnr: 30 + 5 * Math.log2(target) + gain,
    sam: 3 - gain,
  }));
  return { kind: 'validation', step, points, gain };
}

export const PREPARED: Extract<TuningEvent, { kind: 'prepared' }> = {
  kind: 'prepared',
  side: 64,
  places: 629,
  trained: 120_000,
  parameters: 3_000_000,
  backend: 'wasm',
  gpu: false,
  step: 0,
};

/** A run that makes all its steps without a pause, and gains 0.1 dB at every validation. */
export function tuneAtOnce(request: TuningRequest, tell: TuningListener): TuningOutcome {
  const { steps, validateEvery } = request.settings;
  tell(PREPARED);
  tell(tuningValidation(0, 0));
  tell({ kind: 'checkpoint', step: 0 });
  for (let step = 1; step <= steps; step++) {
    tell(tuningStep(step));
    if (step % validateEvery !== 0 && step !== steps) continue;
    tell(tuningValidation(step, (0.1 * step) / validateEvery));
    tell({ kind: 'checkpoint', step });
  }
  const best = tuned(`${request.codec}@1a2b3c4d`, { name: request.name });
  return { end: 'finished', step: steps, last: best, best };
}

/** An ablation without a pause, in which every placement is 0.5 dB better than the one before it. */
export function ablateAtOnce(request: AblationRequest, tell: AblationListener): AblationOutcome {
  const { placements, steps, checkEvery } = request.settings;
  const parameters = Object.fromEntries(placements.map((own, i) => [own, 1_000_000 + 10_000 * i]));
  const facts = { grid: 'vnir-128', side: 64, places: 629, parameters };
  tell({ kind: 'prepared', backend: 'wasm', gpu: false, ...facts });
  const check = (step: number) => {
    for (const [i, placement] of placements.entries()) {
      const psnr = 20 + 0.5 * i + (5 * step) / steps;
      tell({ kind: 'check', placement, step, psnr, bpp: 0.9 + 0.01 * i });
    }
  };
  check(0);
  for (let step = 1; step <= steps; step++) {
    for (const [i, placement] of placements.entries()) {
      const terms = { loss: 100 / step + i, rate: 1, psnr: 20 };
      const pace = { learningRate: 1e-3, gradient: 1, milliseconds: 100 + 25 * i };
      tell({ kind: 'step', placement, step, terms, ...pace });
    }
    if (step % checkEvery === 0 || step === steps) check(step);
  }
  return { end: 'finished', step: steps };
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
    verify: vi.fn(async () => VERIFICATION),
    survey: vi.fn(async ({ cube, window, bands }) => ({
      digest: JSON.stringify([cube, window, bands]),
      range: { low: 0, high: 1 },
      picture: PICTURE,
    })),
    measure: vi.fn(async ({ rate }) => measured(rate)),
    endSurvey: vi.fn(async () => {}),
    attend: vi.fn(async () => ATTENTION),
    editAttention: vi.fn(async () => ({
      figures: ATTENTION.figures,
      largestDifference: 4,
      file: 'kept' as const,
    })),
    picture: vi.fn(async () => PICTURE),
    histogram: vi.fn(async () => []),
    findComponents: vi.fn(async () => {}),
    spectrum: vi.fn(async () => Float32Array.of(1, 2, 3)),
    regionSpectrum: vi.fn(async () => ({
      mean: Float64Array.of(1, 2, 3),
      deviation: Float64Array.of(0.1, 0.2, 0.3),
      pixels: 4,
    })),
    compare: vi.fn(async () => DISTORTION),
    difference: vi.fn(async () => ({
      width: 1,
      height: 1,
      stride: 1,
      values: Float32Array.of(0.01),
    })),
    errorSpectrum: vi.fn(async () => ({
      psnr: Float64Array.of(30, 31, 32),
      rmse: Float64Array.of(3, 2, 1),
      maxError: Float64Array.of(9, 8, 7),
      samples: Float64Array.of(1, 1, 1),
    })),
    bandStatistics: vi.fn(async () => ({
      pixels: 100,
      mean: Float32Array.of(1, 2, 3),
      constant: [false, false, false],
      withNext: Float32Array.of(0.99, 0.99, Number.NaN),
    })),
    figures: vi.fn(async () => FIGURES),
    locate: vi.fn(async () => ({ x: 0, y: 0, width: INFO.width, height: INFO.height })),
    exportCube: vi.fn(async () => []),
    hold: vi.fn(async () => true),
    fileBits: vi.fn(async () => FILE_BITS),
    editLatents: vi.fn(async ({ edited }) => ({
      id: edited,
      fromUnedited: DISTORTION,
      fromOriginal: { ...DISTORTION, psnr: 28.25, samDegrees: 3.5 },
      difference: DIFFERENCE,
    })),
    footprint: vi.fn(async () => DIFFERENCE),
    damage: vi.fn(async ({ damaged }) => ({
      restored: {
        image: { ...decoded(damaged), lost: [LOST] },
        change: { pixels: 40, compared: 9000, largest: 12.5, notable: { pixels: 30, reach: 31 } },
      },
    })),
    memory: vi.fn(async () => ({ cubes: 0, tensors: 0 })),
    close: vi.fn(async () => {}),
    suggestHeldBack: vi.fn(async () => ({ x: 80, y: 0, width: 40, height: 100 })),
    tune: vi.fn(async (request, tell) => tuneAtOnce(request, tell)),
    ablate: vi.fn(async (request, tell) => ablateAtOnce(request, tell)),
    steer: vi.fn(async () => {}),
    interruptedRuns: vi.fn(async () => []),
    forgetRun: vi.fn(async () => {}),
    tunedWeights: vi.fn(async () => []),
    exportWeights: vi.fn(async () => new Uint8Array(8)),
    importWeights: vi.fn(async (_file, name) => tuned('hific-opt@99999999', { name })),
    renameWeights: vi.fn(async (codec: string, name: string) => tuned(codec, { name })),
    removeWeights: vi.fn(async () => {}),
    leaveRun: vi.fn(async () => {}),
  };
  return { ...engine, ...parts };
}

/** A studio with a sample open that is split for training. */
export async function splitStudio(parts: Partial<Engine> = {}) {
  const engine = fakeEngine(parts);
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().openSample('field');
  const state = store.getState;
  await state().suggestSplit(state().cube?.id ?? '');
  return { engine, store, state };
}

/** Work of the engine that tells of itself and ends when a test says so. */
export function slowWork<Request, Event, Outcome>() {
  let listen: (event: Event) => void = () => {};
  let end: (outcome: Outcome) => void = () => {};
  let refuse: (error: unknown) => void = () => {};
  const work = vi.fn(
    (_: Request, listener: (event: Event) => void) =>
      new Promise<Outcome>((resolve, reject) => {
        [listen, end, refuse] = [listener, resolve, reject];
      }),
  );
  return {
    work,
    tell: (...events: readonly Event[]) => {
      for (const event of events) listen(event);
    },
    finish: (outcome: Outcome) => end(outcome),
    fail: (error: unknown) => refuse(error),
  };
}
