import type { HscFile } from '../../core/bitstream/container';
import { readTile } from '../../core/bitstream/latentFile';
import type { DecodedTile } from '../../core/entropy/latentCoder';
import type { EntropyModel } from '../../core/entropy/model';
import { HscError, isHscError } from '../../core/errors';
import { Turns } from '../turn';
import type { DecodeOptions, JobContext } from '../types';

/** How tiles are read, and what progress calls it. */
interface TileReading {
  readonly label: string;
  /** All by default. */
  readonly indices?: readonly number[];
  readonly damaged?: DecodeOptions['damaged'];
}

/** What a damaged tile ends with. */
const DAMAGE = new Set(['check-failed', 'truncated', 'bitstream']);

/**
 * Tiles of a file, one after the other; nothing for those that are damaged, where `damaged` is `mark`.
 * Throws what `readTile` throws, a word on what can be done added, and `aborted`.
 */
export async function* readTiles(
  file: HscFile,
  entropy: EntropyModel,
  job: JobContext,
  { label, indices = [...file.tiles.keys()], damaged = 'refuse' }: TileReading,
): AsyncGenerator<{ readonly index: number; readonly tile: DecodedTile | undefined }> {
  job.onProgress?.(0, label);
  const turns = new Turns(job, label);
  for (const [done, index] of indices.entries()) {
    if (turns.due()) await turns.take(done / indices.length);
    yield { index, tile: tileOrDamage(file, entropy, index, damaged) };
  }
}

function tileOrDamage(
  file: HscFile,
  entropy: EntropyModel,
  index: number,
  damaged: DecodeOptions['damaged'],
): DecodedTile | undefined {
  try {
    return readTile(file, entropy, index);
  } catch (error) {
    // A file of one tile has nothing else to show, and its header is checked together with it.
    const several = file.tiles.length > 1;
    if (!isHscError(error) || !DAMAGE.has(error.code) || !several) throw error;
    if (damaged === 'mark') return undefined;
    throw new HscError(
      error.code,
      `Tile ${index + 1} of ${file.tiles.length} of the .hsc file is damaged; the others can be restored without it.`,
      { cause: error },
    );
  }
}
