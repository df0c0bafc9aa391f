import { createStore } from 'zustand/vanilla';

interface Update {
  /** A newer version has been fetched and waits; undefined where there is none. */
  readonly waiting: ServiceWorker | undefined;
}

export const updates = createStore<Update>()(() => ({ waiting: undefined }));

const HOUR_MS = 3_600_000;

/** Reports a version that waits, now or once it has been fetched. */
function watch(registration: ServiceWorkerRegistration): void {
  const report = () => {
    // Without a controller it is the first version, which there is nothing to update from.
    if (registration.waiting && navigator.serviceWorker.controller)
      updates.setState({ waiting: registration.waiting });
  };
  report();
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', report),
  );
}

/**
 * Keeps the studio for use without a connection. Builds only; where the browser refuses (private
 * windows, no secure context), the studio works as before with a connection.
 */
export async function startOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(
      new URL('serviceWorker.js', document.baseURI),
    );
    watch(registration);
    setInterval(() => registration.update().catch(() => {}), HOUR_MS);
  } catch (error) {
    console.info('The studio is not kept for use without a connection.', error);
  }
}

/** Changes to the version that waits, by a reload that the user asked for. */
export function takeUpdate(): void {
  const { waiting } = updates.getState();
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  waiting?.postMessage('take over');
}

export const dismissUpdate = () => updates.setState({ waiting: undefined });

interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Files that the system opens with the installed studio. */
export function onLaunchedFiles(open: (files: readonly File[]) => void): void {
  const queue = (window as { launchQueue?: LaunchQueue }).launchQueue;
  queue?.setConsumer(async ({ files = [] }) => {
    if (files.length > 0) open(await Promise.all(files.map((handle) => handle.getFile())));
  });
}
