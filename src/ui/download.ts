import type { ExportedFile } from '../engine/api';

/** Hands bytes to the browser as a download. */
export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer> | Blob): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of the blob by the next turn in every engine but old WebKit.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveText(name: string, text: string): void {
  saveFile(name, new TextEncoder().encode(text));
}

/**
 * Saves one file as it is and several in one archive: browsers ask before a second download. Files that
 * do not lie in memory are not brought there for an archive.
 */
export async function saveWritten(files: readonly ExportedFile[], archive: string): Promise<void> {
  const inMemory = files.flatMap(({ name, bytes }) =>
    bytes instanceof Blob ? [] : [[name, bytes] as const],
  );
  if (files.length === 1 || inMemory.length < files.length) {
    for (const { name, bytes } of files) saveFile(name, bytes);
    return;
  }
  const { zipSync } = await import('fflate');
  const members = Object.fromEntries(inMemory);
  saveFile(`${archive}.zip`, new Uint8Array(zipSync(members, { level: 1 })));
}
