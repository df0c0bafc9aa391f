/** The first bytes by which formats are told apart before their libraries are loaded. */

export const HDF5_SIGNATURE = '\x89HDF\r\n\x1a\n';
/** A user block may precede the signature: none, or a power of two from 512 bytes on. */
const HDF5_OFFSETS = [0, 512, 1024, 2048, 4096];
/** Classic TIFF and BigTIFF, little- and big-endian. */
const TIFF = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** Formats that people drop and that cannot be read, with what to do. */
const REFUSED: readonly [string, string][] = [
  ['CDF\x01', 'a classic NetCDF file; convert it with nccopy -k netCDF-4'],
  ['CDF\x02', 'a classic NetCDF file; convert it with nccopy -k netCDF-4'],
  ['CDF\x05', 'a classic NetCDF file; convert it with nccopy -k netCDF-4'],
  ['\x0e\x03\x13\x01', 'an HDF4 file; convert it with h4toh5 or gdal_translate -of ENVI'],
  ['\x89PNG', 'a PNG picture, not a hyperspectral image'],
  ['\xff\xd8\xff', 'a JPEG picture, not a hyperspectral image'],
  ['\x1f\x8b', 'compressed with gzip; unpack it first'],
  ['PK\x03\x04', 'a ZIP archive without NumPy arrays; unpack it first'],
  ['Rar!', 'a RAR archive; unpack it first'],
];

export function hasHdf5Signature(head: Uint8Array): boolean {
  return HDF5_OFFSETS.some((offset) => startsWith(head.subarray(offset), HDF5_SIGNATURE));
}

export function hasTiffSignature(head: Uint8Array): boolean {
  return TIFF.some((signature) => startsWith(head, signature));
}

/** What a file is that is known but cannot be read. */
export function refusalFor(head: Uint8Array): string | undefined {
  return REFUSED.find(([signature]) => startsWith(head, signature))?.[1];
}

/** Whether the bytes start with these characters, one byte each. */
export function startsWith(bytes: Uint8Array, signature: string): boolean {
  return [...signature].every((character, i) => bytes[i] === character.charCodeAt(0));
}
