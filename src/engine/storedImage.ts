import { nextTurn } from '../codecs/turn';
import type { CubeInfo, CubeSource, SampleArray } from '../core/cube/types';
import { assertWindow, emptyLike } from '../core/cube/window';
import { throwIfAborted } from '../core/errors';
import { SAMPLE_BYTES } from '../core/metrics/rate';
import { decodeSamples, encodeSamples } from '../formats/samples';
import type { Scratch, ScratchFile } from './scratch';

/** Other events run after so many bytes have been read. */
const TURN_BYTES = 2 ** 25;

/** A cube whose samples lie in a file, little-endian BIP; closing it removes the file. */
export interface StoredImage extends CubeSource {
  /** All samples, without taking them into memory; good until the image is closed. */
  blob(): Promise<Blob>;
}

export function isStored(source: CubeSource): source is StoredImage {
  return 'blob' in source;
}

/**
 * Writes whole rows, from the first to the last, to a file of their own. Throws `io`, where the storage
 * is full too, and what the rows throw; nothing is left behind then.
 */
export async function storeImage(
  scratch: Scratch,
  info: CubeInfo,
  rows: AsyncIterable<SampleArray>,
): Promise<StoredImage> {
  const file = await scratch.file();
  try {
    let at = 0;
    for await (const samples of rows) {
      const bytes = encodeSamples(samples);
      await file.write(at, bytes);
      at += bytes.length;
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return storedImage(info, file);
}

function storedImage(info: CubeInfo, file: ScratchFile): StoredImage {
  const { bands, sampleType, width } = info;
  const pixelBytes = bands * SAMPLE_BYTES[sampleType];
  let sinceTurn = 0;
  const pixels = async (first: number, count: number) => {
    // Reads from the page's storage do not wait for anything, so that nothing else would run.
    sinceTurn += count * pixelBytes;
    if (sinceTurn > TURN_BYTES) {
      sinceTurn = 0;
      await nextTurn();
    }
    return decodeSamples(await file.read(first * pixelBytes, count * pixelBytes), sampleType, true);
  };
  return {
    info,
    bandsTogether: true,
    async readWindow(window, { bands: picked, signal } = {}) {
      assertWindow(window, width, info.height);
      const first = window.y * width + window.x;
      // Rows that follow one another are read in one go.
      if (window.width === width && !picked) return pixels(first, width * window.height);
      const rowLength = window.width * (picked?.length ?? bands);
      let target: SampleArray | undefined;
      for (let row = 0; row < window.height; row++) {
        throwIfAborted(signal);
        const samples = await pixels(first + row * width, window.width);
        target ??= emptyLike(samples, window.height * rowLength);
        if (picked) pickInto(target, row * rowLength, samples, bands, picked);
        else target.set(samples as never, row * rowLength);
      }
      return target ?? pixels(first, 0);
    },
    blob: () => file.blob(),
    close: () => file.close(),
  };
}

function pickInto(
  target: SampleArray,
  start: number,
  samples: SampleArray,
  bands: number,
  picked: readonly number[],
): void {
  let to = start;
  for (let from = 0; from < samples.length; from += bands) {
    for (const band of picked) target[to++] = samples[from + band];
  }
}
