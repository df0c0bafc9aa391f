import type { JobContext } from './types';

/** The part of a job's progress from `from` to `to`. */
export function share(job: JobContext, from: number, to: number): JobContext {
  const { signal, onProgress } = job;
  return {
    signal,
    onProgress: onProgress && ((done, label) => onProgress(from + done * (to - from), label)),
  };
}
