import * as Comlink from 'comlink';
import { HscError } from '../core/errors';
import type { EngineApi } from './api';
import type { EngineLink } from './client';
import { installErrorTransfer } from './wire';

let errorsInstalled = false;

/** Starts the engine's worker. The only place in the studio that makes one. */
export function spawnEngineWorker(): EngineLink {
  if (!errorsInstalled) installErrorTransfer();
  errorsInstalled = true;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'hsc-engine',
  });
  let fail: (reason: HscError) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    worker.terminate();
    fail(
      new HscError(
        'device',
        `The engine stopped unexpectedly${event.message ? `: ${event.message}` : '.'}`,
      ),
    );
  });
  return {
    api: Comlink.wrap<EngineApi>(worker),
    broken,
    end(reason) {
      worker.terminate();
      fail(reason);
    },
  };
}
