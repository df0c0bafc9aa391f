import * as tf from '@tensorflow/tfjs-core';
import { HscError, messageOf } from '../core/errors';
import { knownAnswerFault } from './knownAnswer';
import { prepareWasmKernels } from './wasmKernels';

export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

export interface Adapter {
  /** The device as its driver names it. */
  readonly adapter: string;
  /** True where a GPU interface is emulated on the CPU (SwiftShader, llvmpipe). */
  readonly software: boolean;
}

/** One tfjs backend that this platform may have. */
export interface BackendCandidate {
  readonly name: BackendName;
  /** Looks at the device without starting tfjs on it. Throws where there is none. */
  probe(): Promise<Adapter>;
  /** Loads the backend's code, configures and registers it. */
  register(): Promise<void>;
}

export interface BackendReport extends Adapter {
  readonly name: BackendName;
  /** Why the backend is not the chosen one. */
  readonly skipped?: string;
}

export interface BackendChoice {
  readonly chosen: BackendReport;
  /** Every candidate, best first, the chosen one among them. */
  readonly reports: readonly BackendReport[];
}

const START_LIMIT_MS = 60_000;

/** Software GPUs are 70 to 120 times slower than wasm: they rank below it. */
function rank({ name, software }: BackendReport): number {
  if (name === 'cpu') return 5;
  if (name === 'wasm') return 2;
  return (name === 'webgpu' ? 0 : 1) + (software ? 3 : 0);
}

async function inspect(candidate: BackendCandidate): Promise<BackendReport> {
  try {
    return { name: candidate.name, ...(await candidate.probe()) };
  } catch (error) {
    return { name: candidate.name, adapter: 'none', software: false, skipped: messageOf(error) };
  }
}

async function start(candidate: BackendCandidate): Promise<string | undefined> {
  try {
    await candidate.register();
    if (!(await tf.setBackend(candidate.name))) return 'it did not start';
    prepareWasmKernels();
    return await knownAnswerFault();
  } catch (error) {
    return messageOf(error);
  }
}

async function startInTime(candidate: BackendCandidate): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it did not start within a minute'), START_LIMIT_MS);
  });
  try {
    return await Promise.race([start(candidate), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Starts the best backend that computes right: hardware webgpu, hardware webgl, wasm, then GPUs
 * emulated in software, then plain JavaScript. `only` restricts the choice to one.
 * Throws `device` where none works.
 */
export async function startBackend(
  candidates: readonly BackendCandidate[],
  options: { readonly only?: BackendName } = {},
): Promise<BackendChoice> {
  const wanted = candidates.filter(({ name }) => !options.only || name === options.only);
  const found = await Promise.all(
    wanted.map(async (candidate) => ({ candidate, report: await inspect(candidate) })),
  );
  found.sort((a, b) => rank(a.report) - rank(b.report));
  const reports: BackendReport[] = [];
  let chosen: BackendReport | undefined;
  for (const { candidate, report } of found) {
    const skipped = report.skipped ?? (chosen ? `${chosen.name} ranks higher` : undefined);
    const outcome = skipped ?? (await startInTime(candidate));
    reports.push(outcome ? { ...report, skipped: outcome } : report);
    if (!outcome) chosen = report;
  }
  if (chosen) return { chosen, reports };
  const reasons = reports.map(({ name, skipped }) => `${name}: ${skipped}`).join('; ');
  throw new HscError('device', `No compute backend works here (${reasons || 'none is known'}).`);
}

/**
 * Resolves with the reason once the current GPU device is lost; never for wasm and cpu. tfjs
 * cannot revive a lost device: start anew in a fresh worker.
 */
export function deviceLost(): Promise<string> {
  const backend = tf.backend() as {
    device?: { readonly lost: Promise<{ readonly message: string }> };
    gpgpu?: { readonly gl?: { readonly canvas?: EventTarget } };
  };
  if (backend.device) return backend.device.lost.then(({ message }) => message || 'device lost');
  const canvas = backend.gpgpu?.gl?.canvas;
  return new Promise((resolve) => {
    canvas?.addEventListener('webglcontextlost', () => resolve('WebGL context lost'), {
      once: true,
    });
  });
}

/** Tensors that there are, weights included. */
export function tensorCount(): number {
  return tf.memory().numTensors;
}

/** Bytes that tensors take on the current backend, weights included. */
export function tensorBytes(): number {
  return tf.memory().numBytes;
}
