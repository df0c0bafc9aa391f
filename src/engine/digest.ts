import { strips } from '../core/cube/survey';
import type { CubeInfo, CubeSource, HyperspectralCube, SampleArray } from '../core/cube/types';

/** SHA-256 over everything of a cube that a codec sees, 64 hexadecimal digits. */
export async function contentDigest(cube: HyperspectralCube): Promise<string> {
  return withFacts(cube, await sha256(bytesOf(cube.data)));
}

/**
 * The same of a cube that need not fit into memory; by strips, so that it is another digest than
 * {@link contentDigest}. `onRows` hears how many rows are done. Throws read errors, and `aborted`.
 */
export async function sourceDigest(
  source: CubeSource,
  signal?: AbortSignal,
  onRows?: (rows: number) => void,
): Promise<string> {
  const bands = Array.from({ length: source.info.bands }, (_, band) => band);
  let samples = '';
  for await (const strip of strips(source, bands, signal)) {
    const own = await sha256(bytesOf(strip.samples));
    samples = await textDigest(`${samples} ${own}`);
    onRows?.(strip.y + strip.rows);
  }
  return withFacts(source.info, samples);
}

export function textDigest(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}

function withFacts(info: CubeInfo, samples: string): Promise<string> {
  const { width, height, bands, sampleType, noDataValue, wavelengthsNm } = info;
  const facts = JSON.stringify({ width, height, bands, sampleType, noDataValue, wavelengthsNm });
  return textDigest(`${facts} ${samples}`);
}

function bytesOf({ buffer, byteOffset, byteLength }: SampleArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
