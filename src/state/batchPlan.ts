import type { MetadataChoice } from '../codecs/types';
import type { CsvCell } from '../core/csv';
import type { CubeInfo, PixelWindow } from '../core/cube/types';
import { plainName, withoutEnding } from '../core/fileNames';
import type { CodecCard } from '../engine/api';
import type { FileGroup } from '../formats/groups';
import { type PatchSize, patchAround } from './patch';
import { ratesFor } from './sweepPlan';

/** What a batch does with every cube. */
export interface BatchChoice {
  readonly codecId: string | undefined;
  /** Target rates in bpp; the codec's middle one where left out. */
  readonly rates: readonly number[] | undefined;
  /** The whole scene, or a patch of that size in its middle. */
  readonly window: PatchSize;
  readonly metadata: Exclude<MetadataChoice, 'none'>;
  /** Of bands outside the codec's range. */
  readonly bandPolicy: 'refuse' | 'covered';
}

export type BatchFileState = 'waiting' | 'running' | 'done' | 'failed' | 'kept';

/** One file to be made: a cube at a rate. */
export interface BatchTask {
  readonly id: string;
  readonly cube: FileGroup<File>;
  readonly rate: number | undefined;
  /** Name of the `.hsc` file. */
  readonly output: string;
  readonly state: BatchFileState;
  /** What failed, as a sentence. */
  readonly message?: string;
  readonly row?: BatchRow;
}

/** A row of the table of figures. */
export type BatchRow = Readonly<Record<string, CsvCell>>;

/** Rates that a batch measures a codec at: those asked for, else the one in its middle. */
export function batchRates(
  codec: CodecCard,
  asked: readonly number[] | undefined,
): readonly (number | undefined)[] {
  const rates = ratesFor(codec, asked);
  return asked || rates.length < 2 ? rates : [rates[rates.length >> 1]];
}

/** The files that a batch makes, cube by cube. */
export function planBatch(
  cubes: readonly FileGroup<File>[],
  codec: CodecCard,
  asked: readonly number[] | undefined,
): BatchTask[] {
  const bases = outputBases(cubes);
  return cubes.flatMap((cube, i) =>
    batchRates(codec, asked).map((rate): BatchTask => {
      const target = rate === undefined ? '' : `_${rate.toFixed(2)}bpp`;
      const output = `${bases[i]}_${codec.id}${target}.hsc`;
      return { id: output, cube, rate, output, state: 'waiting' };
    }),
  );
}

/** A name for each cube, its folder in it; the extension stays where names would be equal. */
function outputBases(cubes: readonly FileGroup<File>[]): string[] {
  const plain = ({ folder, name }: FileGroup<File>, keep: boolean) =>
    plainName(
      [...folder.split('/'), keep ? name : withoutEnding(name)]
        .filter((part) => part !== '')
        .join('_'),
    );
  const short = cubes.map((cube) => plain(cube, false));
  return cubes.map((cube, i) => {
    const alone = short.filter((other) => other.toLowerCase() === short[i].toLowerCase());
    return alone.length === 1 ? short[i] : plain(cube, true).replace(/\.(\w+)$/, '-$1');
  });
}

export function batchWindow(size: PatchSize, info: CubeInfo): PixelWindow {
  return patchAround(size, { x: info.width / 2, y: info.height / 2 }, info);
}

/** Everything that a file depends on: rows with the same are of the same file. */
export function settingsOf(task: BatchTask, choice: BatchChoice, codec: string): BatchRow {
  return {
    file: task.output,
    source: [task.cube.folder, task.cube.name].filter(Boolean).join('/'),
    sourceBytes: task.cube.files.reduce((sum, { size }) => sum + size, 0),
    codec,
    rate: task.rate,
    window: String(choice.window),
    metadata: choice.metadata,
    bandPolicy: choice.bandPolicy,
  };
}

/** Whether a row that was read back is of the file that these settings make, and that was made. */
export function isSameFile(row: Readonly<Record<string, string>>, settings: BatchRow): boolean {
  return (
    !row.error &&
    Object.entries(settings).every(([name, value]) => row[name] === String(value ?? ''))
  );
}
