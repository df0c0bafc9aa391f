import { HscError } from '../core/errors';

/** Rejects with `device` once the device is lost; `reason` resolves with why. */
export function lossOf(reason: Promise<string>): Promise<never> {
  const lost = reason.then((why): never => {
    throw new HscError('device', `The graphics device was lost: ${why}.`);
  });
  lost.catch(() => {});
  return lost;
}
