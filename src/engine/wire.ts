import * as Comlink from 'comlink';
import { HscError, isHscError, memoryFault, messageOf } from '../core/errors';
import type { WireError } from './api';

/** Keeps an error's code across the worker's border, which structured cloning would drop. */
export function toWire(thrown: unknown): WireError {
  const error = memoryFault(thrown) ?? thrown;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : undefined;
  return {
    code: isHscError(error) ? error.code : undefined,
    message: messageOf(error),
    cause: cause === undefined ? undefined : messageOf(cause),
  };
}

export function fromWire({ code, message, cause }: WireError): Error {
  return code ? new HscError(code, message, { cause }) : new Error(message, { cause });
}

/** Call once on each side before anything is thrown. */
export function installErrorTransfer(): void {
  const standard = Comlink.transferHandlers.get('throw');
  if (!standard) throw new Error('comlink has no handler for thrown values.');
  Comlink.transferHandlers.set('throw', {
    canHandle: standard.canHandle,
    serialize: (thrown) => [toWire((thrown as { value: unknown }).value), []],
    deserialize: (wire) => {
      throw fromWire(wire as WireError);
    },
  });
}
