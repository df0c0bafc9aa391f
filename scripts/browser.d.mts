/** Path of a Chromium that runs; throws with what to do where none can be had. */
export function ensureBrowser(): string;
