/**
 * Colour maps for one band: equal steps of value look equal, lightness only rises, and red–green
 * colour blindness loses nothing. Anchors at even distances, as RGB in hexadecimal, between which
 * we interpolate in sRGB (at most 6 levels of 255 off the published tables of 256 entries, usually 1).
 *
 * Viridis and inferno: Smith, van der Walt and Firing, CC0 (bids.github.io/colormap). Cividis:
 * Nuñez, Anderton and Renslow, PLOS ONE 13(7), 2018. Values as in matplotlib 3.11 (PSF-based
 * licence).
 */
const ANCHORS = {
  grey: '000000 ffffff',
  viridis: `
    440154 470d60 48186a 482374 472d7b 453781 424086 3e4989 3b528b 375b8d 33638d
    2f6b8e 2c728e 297a8e 26828e 23898e 21918c 1f978b 1f9f88 21a685 27ad81 31b57b
    3dbc74 4cc26c 5cc863 6ece58 81d34d 95d840 aadc32 c0df25 d5e21a eae51a fde725`,
  cividis: `
    00224e 00285b 002e6a 053371 1a386f 273e6e 32436d 3b496c 434e6c 4b546c 535a6d
    5a5f6e 61656f 686a71 6f7073 767676 7d7c78 838179 8b8778 928d78 9a9376 a29975
    aaa073 b3a670 bbad6d c3b369 ccba64 d4c15f ddc858 e6d051 efd748 f8df3c fee838`,
  inferno: `
    000004 040312 0b0724 150b37 210c4a 2f0a5b 3d0965 4a0c6b 57106e 64156e 71196e
    7d1e6d 8a226a 972766 a32c61 b0315b bc3754 c63d4d d04545 da4e3c e35933 eb6429
    f1711f f67e14 f98c0a fb9b06 fcaa0f fbba1f f9c932 f5d949 f2e865 f3f586 fcffa4`,
} as const;

export type ColourMap = keyof typeof ANCHORS;

export const COLOUR_MAPS = Object.keys(ANCHORS) as readonly ColourMap[];

const rgbOf = (hex: string) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** RGB triples 0..255 of `size` evenly spaced values from lowest to highest. */
export function colourTable(map: ColourMap, size = 256): Uint8ClampedArray {
  return tableOf(ANCHORS[map], size);
}

/** Blue below zero, near white at it, orange above, as dark at both ends. An odd size has a zero. */
export function divergingTable(size = 257): Uint8ClampedArray {
  return tableOf('0b2f63 1f5fa6 5a97cc aacbe6 f5f5f4 f2c29c dc8447 ab4f17 612807', size);
}

function tableOf(hexadecimal: string, size: number): Uint8ClampedArray {
  const anchors = hexadecimal.trim().split(/\s+/).map(rgbOf);
  const table = new Uint8ClampedArray(size * 3);
  for (let i = 0; i < size; i++) {
    const at = (i / (size - 1)) * (anchors.length - 1);
    const below = Math.min(anchors.length - 2, Math.floor(at));
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [anchors[below][channel], anchors[below + 1][channel]];
      table[i * 3 + channel] = Math.round(from + (to - from) * (at - below));
    }
  }
  return table;
}

/**
 * RGBA pixels of values in the colours of a table, whose ends `low` and `high` are; values beyond
 * look like these, missing ones are transparent.
 */
export function paintValues(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  table: Uint8ClampedArray,
): Uint8ClampedArray<ArrayBuffer> {
  const steps = table.length / 3 - 1;
  const rgba = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const share = high > low ? (values[i] - low) / (high - low) : 0;
    const at = 3 * Math.round(steps * Math.min(1, Math.max(0, share)));
    rgba.set(table.subarray(at, at + 3), 4 * i);
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}
