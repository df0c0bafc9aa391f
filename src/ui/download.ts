import type { WrittenFile } from '../formats/types';

/** Hands bytes to the browser as a download. */
export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer>): void {
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

/** Saves one file as it is and several in one archive: browsers ask before a second download. */
export async function saveWritten(files: readonly WrittenFile[], archive: string): Promise<void> {
  if (files.length === 1) {
    saveFile(files[0].name, files[0].bytes);
    return;
  }
  const { zipSync } = await import('fflate');
  const members = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  saveFile(`${archive}.zip`, new Uint8Array(zipSync(members, { level: 1 })));
}
