/** The name of a file without its ending. */
export function withoutEnding(name: string): string {
  return name.replace(/\.[A-Za-z0-9]{1,4}$/, '');
}

/** A name without what file systems dislike. */
export function plainName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-');
}

/** What the names of files that are made of a cube begin with. */
export function baseName(cube: string): string {
  return plainName(withoutEnding(cube));
}
