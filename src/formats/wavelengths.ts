/** Band centres as a file states them, turned to nm; the note says what was guessed or left out. */
export interface StatedWavelengths {
  readonly nm?: number[];
  /** Factor from the stated unit to nm, for widths stated beside the centres. */
  readonly toNm?: number;
  readonly note?: string;
  /** True where the unit is not stated. */
  readonly guessed?: boolean;
}

/** Optical sensors lie between these; anything else is an index, a wavenumber or a mistake. */
const SHORTEST_NM = 100;
const LONGEST_NM = 30_000;
/** A longest "wavelength" below this can only be in µm. */
const MICROMETRE_LIMIT = 100;

const UNITS: readonly [RegExp, number][] = [
  [/^(nm|nanomet(er|re)s?)$/i, 1],
  [/^([uµμ]m|microns?|micromet(er|re)s?)$/i, 1000],
  [/^(mm|millimet(er|re)s?)$/i, 1e6],
  [/^(m|met(er|re)s?)$/i, 1e9],
  [/^([aå]|angstr[oö]ms?)$/i, 0.1],
];

/** Factor from a unit of length to nm; undefined for any other unit. */
export function nanometresPer(unit: string): number | undefined {
  return UNITS.find(([pattern]) => pattern.test(unit.trim()))?.[1];
}

/**
 * Band centres in nm. Without a unit (absent, empty or "unknown"), values that all lie below
 * 100 are taken for µm and others for nm. Values that cannot be wavelengths are left out.
 */
export function statedWavelengths(
  values: readonly number[],
  bands: number,
  unit?: string,
): StatedWavelengths {
  if (values.length === 0) return {};
  if (values.length !== bands) {
    return {
      note: `The file lists ${values.length} wavelengths for ${bands} bands; they were left out.`,
    };
  }
  const named = unit && !/^unknown$/i.test(unit.trim()) ? unit.trim() : undefined;
  const toNm = named
    ? nanometresPer(named)
    : values.every((value) => value < MICROMETRE_LIMIT)
      ? 1000
      : 1;
  if (toNm === undefined) {
    return { note: `The bands are given in "${named}", which is not a wavelength; left out.` };
  }
  const nm = values.map((value) => inNm(value, toNm));
  if (!nm.every((value) => value >= SHORTEST_NM && value <= LONGEST_NM)) {
    return {
      note: `The listed wavelengths do not all lie between ${SHORTEST_NM} and ${LONGEST_NM} nm; they were left out.`,
    };
  }
  const note = named
    ? undefined
    : `The unit of the wavelengths is not stated; ${toNm === 1 ? 'nm' : 'µm'} was taken from their values.`;
  return { nm, toNm, note, guessed: named ? undefined : true };
}

/** Band centres from names such as `Band 12 (487.87 Nanometers)`; all bands or none. */
export function wavelengthsInNames(names: readonly string[]): number[] | undefined {
  const found = names.map((name) => {
    const match = /(\d+(?:\.\d+)?)\s*(nm|nanomet(?:er|re)s?|[uµμ]m|micromet(?:er|re)s?)\b/i.exec(
      name,
    );
    return match ? inNm(Number(match[1]), nanometresPer(match[2])!) : Number.NaN;
  });
  return found.length > 0 && found.every((nm) => nm >= SHORTEST_NM && nm <= LONGEST_NM)
    ? found
    : undefined;
}

/**
 * Whether a nameless list of numbers beside a cube can be its band centres: rising, in range,
 * and no list of band numbers.
 */
export function looksLikeWavelengths(values: readonly number[], bands: number): boolean {
  const rising = values.every((value, i) => i === 0 || value > values[i - 1]);
  const counted = values.every((value) => Number.isInteger(value) && value < MICROMETRE_LIMIT);
  return bands > 1 && rising && !counted && statedWavelengths(values, bands).nm !== undefined;
}

/** Keeps 0.45 µm from becoming 450.00000000000006 nm. */
function inNm(value: number, toNm: number): number {
  return toNm === 1 ? value : Number((value * toNm).toPrecision(12));
}
