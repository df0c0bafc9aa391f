/** How the page learns that its worker has ended without a word: the lock of its life is free then. */

interface Sign {
  readonly living: string;
}

/** The lock of a worker that has told that it lives; nothing from other messages. */
export function lockIn(message: unknown): string | undefined {
  const { living } = (message ?? {}) as Partial<Sign>;
  return typeof living === 'string' ? living : undefined;
}

/** To be called once by a worker. Without effect outside of secure contexts, which have no locks. */
export function tellOfLife(worker: {
  readonly navigator: { readonly locks?: LockManager };
  postMessage(sign: Sign): void;
}): void {
  // Locks are seen by every tab.
  const living = `hsc-engine ${Math.random().toString(36).slice(2)}`;
  worker.navigator.locks?.request(living, () => {
    worker.postMessage({ living });
    return new Promise(() => {});
  });
}
