/** What GDAL's XML in a TIFF (tag 42112) says, of the image and of each band. */
export interface GdalMetadata {
  /** Keys as `keyOf` makes them. */
  readonly image: ReadonlyMap<string, string>;
  /** One map a band, possibly empty. */
  readonly bands: readonly ReadonlyMap<string, string>[];
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const ESCAPED: Record<string, string> = { '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot' };

/** `Central Wavelength` and `central_wavelength` are one key. */
function keyOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/**
 * Reads the items; never throws, since metadata are no reason to refuse samples.
 * Split by hand in one pass: a damaged document must not make a pattern backtrack.
 */
export function parseGdalMetadata(xml: string, bands: number): GdalMetadata {
  const image = new Map<string, string>();
  const perBand = Array.from({ length: bands }, () => new Map<string, string>());
  for (const part of xml.split('<Item').slice(1)) {
    const open = part.indexOf('>');
    const close = part.indexOf('</Item>', open);
    if (open < 0 || close < 0) continue;
    const attributes = parseAttributes(part.slice(0, open));
    const value = decodeEntities(decodeEntities(part.slice(open + 1, close))).trim();
    const key = keyOf(attributes.get('role') ?? attributes.get('name') ?? '');
    const sample = attributes.get('sample');
    const target = sample === undefined ? image : perBand[Number(sample)];
    target?.set(key, value);
  }
  return { image, bands: perBand };
}

function parseAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(/(\w+)=(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(name.toLowerCase(), decodeEntities(double ?? single));
  }
  return attributes;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi, (all, dec, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? all;
    const code = dec ? Number(dec) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** The items as GDAL writes them: it escapes values twice. */
export function formatGdalMetadata(metadata: GdalMetadata): string {
  const items = [...metadata.image].map(([key, value]) => item(key, value));
  metadata.bands.forEach((band, sample) => {
    for (const [key, value] of band) items.push(item(key, value, sample));
  });
  return `<GDALMetadata>\n${items.join('\n')}\n</GDALMetadata>\n`;
}

/** Band properties that GDAL keeps outside its metadata; in the XML their name is a role too. */
const ROLES = new Set(['description', 'unittype', 'scale', 'offset']);

function item(key: string, value: string, sample?: number): string {
  const band = sample === undefined ? '' : ` sample="${sample}"`;
  const role = band && ROLES.has(key) ? ` role="${key}"` : '';
  const name = role ? key.toUpperCase() : key;
  return `  <Item name="${escapeXml(name)}"${band}${role}>${escapeXml(escapeXml(value))}</Item>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (char) => `&${ESCAPED[char]};`);
}
