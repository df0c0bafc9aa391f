import { type HscErrorCode, isHscError, messageOf } from '../core/errors';

/** Something the user should read, beside the place where it happened. */
export interface Notice {
  readonly message: string;
  readonly code?: HscErrorCode;
  /** A file that is complete all the same, to be saved. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** What to show of an error; nothing where the user cancelled. */
export function noticeOf(error: unknown): Notice | undefined {
  if (isHscError(error)) {
    return error.code === 'aborted' ? undefined : { message: error.message, code: error.code };
  }
  return { message: `Something went wrong inside the studio: ${messageOf(error)}` };
}
