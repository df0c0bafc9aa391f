import { HscError } from '../../core/errors';
import { baseOf, decodeText, readHead, stemOf } from '../bytes';
import { storedBytes } from '../samples';
import type { ByteSource } from '../types';
import { type EnviHeader, isEnviText, readHeader } from './header';

/** Extensions that data files of ENVI headers commonly have, besides none at all. */
const DATA_NAME = /\.(img|raw|dat|bsq|bil|bip|cue|bin|rfl|rdn|cube)$|^[^.]+$/i;

const HEADER_SNIFF_BYTES = 4096;

export function isHeaderName(name: string): boolean {
  return /\.hdr$/i.test(name);
}

/** Whether a file of this name is likely to be the data of an ENVI pair. */
export function mayBeDataName(name: string): boolean {
  return DATA_NAME.test(baseOf(name));
}

/** Whether the file is an ENVI header by its content. */
export async function isHeader(file: ByteSource): Promise<boolean> {
  return isEnviText(decodeText(await readHead(file, HEADER_SNIFF_BYTES)));
}

/** Whether a data file of this name belongs to the header: `x.hdr` ↔ `x`, `x.img`; `x.img.hdr` ↔ `x.img`. */
export function namesMatch(headerName: string, dataName: string): boolean {
  const base = stemOf(headerName).toLowerCase();
  const data = baseOf(dataName).toLowerCase();
  return data === base || stemOf(data) === base;
}

/** Bytes that a data file must have for its header. */
export function dataBytes({ shape, type, offset }: EnviHeader): number {
  return offset + shape.width * shape.height * shape.bands * storedBytes(type);
}

/** The headers among files dropped together. */
export async function headersAmong(files: readonly ByteSource[]): Promise<ByteSource[]> {
  const named = files.filter((file) => isHeaderName(file.name));
  const found = await Promise.all(named.map(isHeader));
  return named.filter((_, i) => found[i]);
}

/**
 * The data file of a header among files dropped together: one of its name, or the only other
 * file. Where several share the name, the size decides. Throws `missing-companion`.
 */
export function dataFileOf(
  headerFile: ByteSource,
  header: EnviHeader,
  files: readonly ByteSource[],
): ByteSource {
  const wanted = dataBytes(header);
  const others = files.filter((file) => file !== headerFile && !isHeaderName(file.name));
  const named = others.filter((file) => namesMatch(headerFile.name, file.name));
  const fit =
    named.find((file) => file.size === wanted) ??
    named.find((file) => file.size > wanted) ??
    named[0] ??
    (files.length === 2 ? others[0] : undefined);
  if (fit) return fit;
  const stem = stemOf(headerFile.name);
  throw new HscError(
    'missing-companion',
    `${headerFile.name} is only the header; drop its data file of ${wanted} bytes together with it (${stem}, ${stem}.img, ${stem}.raw or the like).`,
  );
}

/** The pair that holds `file`, whether it is the header or the data file. */
export async function pairOf(file: ByteSource, files: readonly ByteSource[]) {
  const headers = await headersAmong(files);
  const headerFile = (await isHeader(file))
    ? file
    : (headers.find((header) => namesMatch(header.name, file.name)) ?? headers[0]);
  if (!headerFile) throw missingHeader(file);
  const header = await readHeader(headerFile);
  return { headerFile, header, data: dataFileOf(headerFile, header, files) };
}

/** The error for a data file that was dropped without its header. */
export function missingHeader(file: ByteSource): HscError {
  return new HscError(
    'missing-companion',
    `${file.name} may be the data file of an ENVI pair; drop its header ${stemOf(file.name)}.hdr together with it.`,
  );
}
