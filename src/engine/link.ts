import * as Comlink from 'comlink';
import { HscError } from '../core/errors';
import type { EngineApi } from './api';
import { lockIn } from './life';
import type { EngineLink } from './outlivingEngine';
import { installErrorTransfer } from './wire';

let errorsInstalled = false;

/** A worker that is killed says nothing; the lock that it held all its life is free then. */
function whenEnded(worker: Worker, tell: () => void): void {
  worker.addEventListener('message', ({ data }) => {
    const lock = lockIn(data);
    if (lock) navigator.locks.request(lock, tell);
  });
}

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
  const stopped = (why: string) => {
    worker.terminate();
    fail(new HscError('device', `The engine stopped unexpectedly${why ? `: ${why}` : '.'}`));
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    stopped(event.message);
  });
  whenEnded(worker, () => stopped(''));
  return {
    api: Comlink.wrap<EngineApi>(worker),
    broken,
    end(reason) {
      worker.terminate();
      fail(reason);
    },
  };
}
