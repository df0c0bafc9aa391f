import { stemOf } from './bytes';
import { isHeaderName, mayBeDataName, namesMatch } from './envi/pairs';
import { isMetaName, metaStem } from './meta';

/** A file as far as grouping looks at it. */
export interface Named {
  readonly name: string;
  /** Path below the folder that was chosen, where known. */
  readonly webkitRelativePath?: string;
}

/** Files that are opened together as one cube. */
export interface FileGroup<F extends Named> {
  /** Name of the file that the cube is known by. */
  readonly name: string;
  /** Folder of the files below the one chosen, without its own name; empty at the top. */
  readonly folder: string;
  readonly files: readonly F[];
}

/** Formats that a signature tells: never the data of an ENVI header beside them. */
const SELF_CONTAINED = /\.(mat|npy|npz|tiff?|h5|he5|hdf5?|nc|nc4)$/i;
/** Describes an image and holds none. */
const COMPANION = /\.(json|xml|csv|txt)$/i;
/** What lies in folders of images and is none of them. */
const IGNORED =
  /^\.|^(thumbs\.db|desktop\.ini)$|\.(hsc|zip|png|jpe?g|gif|pdf|md|docx?|ovr|enp|sta|py|m|ipynb)$/i;

const folderOf = (file: Named) => (file.webkitRelativePath ?? '').split('/').slice(1, -1).join('/');

/**
 * Splits the files of a folder into cubes: a header with its data, a cube with its sidecars, in the
 * order of their paths. By names only; a header without data makes a group, so that opening it
 * says what is missing. Files that cannot be images are left out.
 */
export function groupFiles<F extends Named>(files: readonly F[]): FileGroup<F>[] {
  const folders = new Map<string, F[]>();
  for (const file of files) {
    if (IGNORED.test(file.name)) continue;
    const folder = folderOf(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const groups = [...folders].flatMap(([folder, members]) => groupsIn(folder, members));
  const key = ({ folder, name }: FileGroup<F>) => `${folder}/${name}`;
  return groups.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Metadata of a product that is one image in many files, such as EnMAP's. */
const PRODUCT = /metadata\.xml$/i;

/**
 * The cubes among files that were dropped or picked: as {@link groupFiles}, but a product stays
 * whole, and companions that are named like nothing go with every cube of their folder.
 */
export function cubesAmong<F extends Named>(files: readonly F[]): readonly (readonly F[])[] {
  if (files.some(({ name }) => PRODUCT.test(name))) return [files];
  const groups = groupFiles(files);
  if (groups.length < 2) return [files];
  const taken = new Set(groups.flatMap((group) => group.files));
  const loose = files.filter((file) => COMPANION.test(file.name) && !taken.has(file));
  return groups.map((group) => [
    ...group.files,
    ...loose.filter((file) => folderOf(file) === group.folder),
  ]);
}

function groupsIn<F extends Named>(folder: string, files: readonly F[]): FileGroup<F>[] {
  const headers = files.filter(({ name }) => isHeaderName(name));
  const companions = files.filter(({ name }) => COMPANION.test(name));
  const images = files.filter((file) => !headers.includes(file) && !companions.includes(file));
  const taken = new Set<F>();
  const group = (main: F, members: readonly F[]): FileGroup<F> => ({
    name: main.name,
    folder,
    files: [...members, ...companions.filter((one) => members.some((file) => goWith(one, file)))],
  });
  const pairs = headers.map((header) => {
    const matching = images.filter(({ name }) => namesMatch(header.name, name));
    const raw = matching.filter(({ name }) => !SELF_CONTAINED.test(name));
    // `x.tif.hdr` beside `x.tif` is a note of another program, not the cube.
    const data = raw.length > 0 ? raw : matching;
    for (const file of data) taken.add(file);
    const main = data.find(({ name }) => mayBeDataName(name)) ?? data[0] ?? header;
    return group(main, [header, ...data]);
  });
  const alone = images.filter((file) => !taken.has(file)).map((file) => group(file, [file]));
  return [...pairs, ...alone];
}

/** Whether a companion is named like a file of the group. */
function goWith(companion: Named, file: Named): boolean {
  const own = companion.name.toLowerCase();
  const stem = isMetaName(own) ? metaStem(own) : stemOf(own);
  const name = file.name.toLowerCase();
  return stem === name || stem === stemOf(name) || own.startsWith(`${name}.`);
}
