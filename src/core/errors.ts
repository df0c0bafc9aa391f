/**
 * The only errors that cross a module's border. `code` is for programs, `message` is one
 * sentence a user can act on, `cause` keeps what went wrong underneath.
 */
export type HscErrorCode =
  | 'unknown-format'
  | 'bad-file'
  | 'truncated'
  | 'missing-companion'
  | 'unsupported'
  | 'choice-needed'
  | 'bad-argument'
  | 'band-range'
  | 'bitstream'
  | 'bitstream-version'
  | 'check-failed'
  | 'model-missing'
  | 'model-mismatch'
  | 'limit'
  | 'memory'
  | 'device'
  | 'aborted'
  | 'io';

/** Names that come out of files may be of any length; what a user is to read is not. */
const MOST_CHARACTERS = 1000;

export class HscError extends Error {
  override readonly name = 'HscError';

  constructor(
    readonly code: HscErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(
      message.length > MOST_CHARACTERS ? `${message.slice(0, MOST_CHARACTERS)} ….` : message,
      options,
    );
  }
}

export function isHscError(error: unknown): error is HscError {
  return error instanceof HscError;
}

/** Throws `aborted` once the signal has fired; call it between steps of a long job. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new HscError('aborted', 'The job was cancelled.', { cause: signal.reason });
  }
}

/** A sentence for the user from anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const NO_MEMORY =
  /allocation failed|out of memory|invalid (typed )?array length|access out of bounds/i;

/**
 * What engines throw where memory is short, each in words of its own, as `memory`; nothing for other errors.
 * Who catches it should start anew: the networks' memory may be damaged.
 */
export function memoryFault(error: unknown): HscError | undefined {
  if (isHscError(error) || !NO_MEMORY.test(messageOf(error))) return undefined;
  return new HscError(
    'memory',
    'There was not enough memory: choose a smaller patch, or close other images, tabs and programs.',
    { cause: error },
  );
}
