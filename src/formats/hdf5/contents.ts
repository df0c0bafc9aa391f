import type { AttributeValue, Hdf5Dataset, Hdf5File } from './file';

/** What a file holds, attributes read once. */
export class Contents {
  private readonly cache = new Map<string, Promise<Map<string, AttributeValue>>>();

  private constructor(
    readonly file: Hdf5File,
    readonly datasets: readonly Hdf5Dataset[],
    /** Written by MATLAB, whose axes HDF5 shows in reverse. */
    readonly matlab: boolean,
  ) {}

  /** `head` is the start of the file, where MATLAB writes its name. */
  static async of(file: Hdf5File, head: Uint8Array): Promise<Contents> {
    const datasets = await file.listDatasets();
    const named = new TextDecoder('latin1').decode(head.subarray(0, 128)).startsWith('MATLAB 7.3');
    if (named) return new Contents(file, datasets, true);
    const first = datasets.find(({ type }) => type !== undefined && type !== 'text');
    const classed = first && (await file.attributes(first.path)).has('MATLAB_class');
    return new Contents(file, datasets, classed === true);
  }

  attributes(path: string): Promise<Map<string, AttributeValue>> {
    const known = this.cache.get(path) ?? this.file.attributes(path);
    this.cache.set(path, known);
    return known;
  }

  /** First of some attributes that a group or dataset has, as text. */
  async text(path: string, ...names: readonly string[]): Promise<string | undefined> {
    const value = (await this.first(path, names))?.[0];
    return value === undefined ? undefined : String(value).trim();
  }

  /** First of some attributes that a group or dataset has, as a number. */
  async number(path: string, ...names: readonly string[]): Promise<number | undefined> {
    const value = (await this.first(path, names))?.[0];
    return value === undefined || value === '' || Number.isNaN(Number(value))
      ? undefined
      : Number(value);
  }

  /** A list of numbers in an attribute. */
  async numbers(path: string, name: string): Promise<readonly number[] | undefined> {
    return numbersIn((await this.attributes(path)).get(name));
  }

  dataset(path: string): Hdf5Dataset | undefined {
    return this.datasets.find((dataset) => dataset.path === path);
  }

  private async first(path: string, names: readonly string[]) {
    const attributes = await this.attributes(path);
    const lower = new Map([...attributes].map(([name, value]) => [name.toLowerCase(), value]));
    return names.map((name) => lower.get(name.toLowerCase())).find((value) => value?.length);
  }
}

/** The value if it is a list of numbers. */
export function numbersIn(value: AttributeValue | undefined): readonly number[] | undefined {
  return value?.every((item): item is number => typeof item === 'number') ? value : undefined;
}

/** `/a/b` for `/a/b/c`, `/` for `/c`. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** `c` for `/a/b/c`. */
export function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
