import { decodeText } from '../bytes';
import type { ByteSource } from '../types';

/** Band table of an EnMAP product: centres and widths in nm. */
export interface EnmapBands {
  readonly wavelengthsNm: readonly number[];
  readonly fwhmNm: readonly number[];
}

const MAX_XML_BYTES = 16 * 1024 * 1024;

/**
 * EnMAP keeps the wavelengths of `…-SPECTRAL_IMAGE.TIF` in `…-METADATA.XML`. Reads them where
 * that file was dropped beside the image and lists as many bands; undefined otherwise.
 */
export async function enmapBands(
  image: ByteSource,
  files: readonly ByteSource[],
  bands: number,
): Promise<EnmapBands | undefined> {
  const product = image.name.replace(/-SPECTRAL_IMAGE.*$/i, '');
  const sidecar = files.find(
    ({ name, size }) =>
      /-METADATA\.XML$/i.test(name) && name.startsWith(product) && size <= MAX_XML_BYTES,
  );
  if (!sidecar || product === image.name) return undefined;
  const xml = decodeText(await sidecar.read(0, sidecar.size));
  const entries = xml.split('<bandID').slice(1);
  const wavelengthsNm = entries.map((entry) => numberIn(entry, 'wavelengthCenterOfBand'));
  const fwhmNm = entries.map((entry) => numberIn(entry, 'FWHMOfBand'));
  const complete = [...wavelengthsNm, ...fwhmNm].every((value) => value > 0);
  return wavelengthsNm.length === bands && complete ? { wavelengthsNm, fwhmNm } : undefined;
}

function numberIn(xml: string, tag: string): number {
  const start = xml.indexOf(`<${tag}>`);
  const end = xml.indexOf(`</${tag}>`, start);
  return start < 0 || end < 0 ? Number.NaN : Number(xml.slice(start + tag.length + 2, end));
}
