import { useEffect, useRef, useState } from 'react';
import type { JobOptions } from '../../engine/outlivingEngine';
import { type Notice, noticeOf } from '../../state/notice';

export type Job<T> = (options: JobOptions & { readonly signal: AbortSignal }) => Promise<T>;

export interface JobState<T> {
  /** Of the last job that ended; it stays until the next one has. */
  readonly value?: T;
  readonly notice?: Notice;
  /** Set while a job runs. */
  readonly progress?: { readonly done: number; readonly label: string };
  readonly cancelled?: boolean;
}

/**
 * Runs a job of the engine, `delayMs` after it was given; a new one cancels the one before. Jobs
 * must keep their identity while they are the same.
 */
export function useJob<T>(
  job: Job<T> | undefined,
  delayMs = 0,
): JobState<T> & { cancel(): void; retry(): void } {
  const [state, setState] = useState<JobState<T>>({});
  const [turn, setTurn] = useState(0);
  const running = useRef<AbortController>(undefined);

  useEffect(() => {
    if (!job) {
      setState({});
      return;
    }
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    const run = async () => {
      setState(({ value }) => ({ value, progress: { done: 0, label: 'waiting' } }));
      try {
        const value = await job({
          signal,
          onProgress: (done, label) => {
            if (signal.aborted) return;
            setState((old) => (old.progress ? { ...old, progress: { done, label } } : old));
          },
        });
        if (running.current !== controller) return;
        setState((old) => (signal.aborted ? { value: old.value, cancelled: true } : { value }));
      } catch (error) {
        if (running.current !== controller) return;
        const notice = noticeOf(error);
        setState(({ value }) => ({ value, notice, cancelled: notice === undefined }));
      }
    };
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
      running.current = undefined;
      controller.abort();
    };
  }, [job, delayMs, turn]);

  return {
    ...state,
    cancel: () => running.current?.abort(),
    retry: () => setTurn((now) => now + 1),
  };
}
