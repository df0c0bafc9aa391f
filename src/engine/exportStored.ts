import { HscError } from '../core/errors';
import type { FormatWriter } from '../formats/types';
import type { ExportedFile } from './api';
import { sizeInWords } from './large';
import type { StoredImage } from './storedImage';

/** The files of an image that does not lie in memory; its samples are not taken there. Throws `limit`. */
export async function exportStored(
  image: StoredImage,
  writer: FormatWriter,
  baseName: string,
): Promise<ExportedFile[]> {
  const streamed = writer.streamed?.(image.info, baseName);
  if (!streamed) {
    throw new HscError(
      'limit',
      `${writer.label} files are written from memory, which an image of ${sizeInWords(image.info)} would ` +
        'fill: export it as ENVI or NumPy.',
    );
  }
  const { name, head, others } = streamed;
  return [...others, { name, bytes: new Blob([head, await image.blob()]) }];
}
