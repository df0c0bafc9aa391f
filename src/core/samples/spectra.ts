/** Parametric reflectance spectra, 0..1, over 350–2500 nm: shapes, not measurements. */
export type Spectrum = (nm: number) => number;

const gauss = (nm: number, center: number, width: number) =>
  Math.exp(-0.5 * ((nm - center) / width) ** 2);
const logistic = (nm: number, center: number, width: number) =>
  1 / (1 + Math.exp(-(nm - center) / width));

/** Liquid water in leaves and wet ground: the absorption bands at 970, 1200, 1450 and 1940 nm. */
const liquidWater = (nm: number) =>
  0.12 * gauss(nm, 970, 25) +
  0.2 * gauss(nm, 1200, 40) +
  1.2 * gauss(nm, 1450, 60) +
  1.7 * gauss(nm, 1940, 80) +
  0.5 * logistic(nm, 2350, 120);

/** Green leaves. `chlorophyll` about 0.4..1.4, `plateau` the near-infrared reflectance. */
export function vegetation(chlorophyll: number, plateau: number, water = 1): Spectrum {
  const edge = 708 + 9 * chlorophyll;
  return (nm) => {
    const visible =
      0.04 + (0.04 * gauss(nm, 555, 38)) / chlorophyll - 0.01 * gauss(nm, 675, 18) * chlorophyll;
    const infrared = plateau * (1 + 0.06 * logistic(nm, 850, 60));
    const red = logistic(nm, edge, 14);
    return (visible * (1 - red) + infrared * red) * Math.exp(-water * liquidWater(nm));
  };
}

/** Dry plants and straw: a smooth rise with cellulose absorption at 2100 nm. */
export const straw: Spectrum = (nm) =>
  (0.07 + 0.38 * logistic(nm, 690, 140)) * (1 - 0.25 * gauss(nm, 2100, 70));

/** Bare soil. `brightness` 0.1..0.45, `iron` the strength of the oxide bands, `moisture` 0..1. */
export function soil(brightness: number, iron: number, moisture: number): Spectrum {
  return (nm) => {
    const rise = brightness * (1 - Math.exp(-(nm - 300) / 420));
    const oxide =
      1 - iron * (0.22 * gauss(nm, 490, 45) + 0.1 * gauss(nm, 660, 50) + 0.18 * gauss(nm, 880, 70));
    const clay = 1 - 0.14 * gauss(nm, 2205, 22);
    return rise * oxide * clay * Math.exp(-moisture * (0.35 + liquidWater(nm)));
  };
}

/** Open water. `sediment` 0..1 lifts green and red. */
export function water(sediment: number): Spectrum {
  return (nm) => {
    const clear = 0.045 * Math.exp(-(nm - 400) / 130);
    const turbid = sediment * 0.13 * gauss(nm, 580, 75) + sediment * 0.03 * gauss(nm, 810, 25);
    return clear + turbid * (nm > 1000 ? 0 : 1) + 0.003;
  };
}

/** Red clay tiles. */
export const tile: Spectrum = (nm) =>
  0.06 + 0.3 * logistic(nm, 590, 22) * (1 - 0.14 * gauss(nm, 870, 60)) + 0.00003 * (nm - 400);

/** Asphalt: dark and nearly flat. */
export const asphalt: Spectrum = (nm) => 0.08 + 0.00002 * (nm - 400) - 0.01 * gauss(nm, 2310, 40);

/** Concrete: bright, with the carbonate band at 2340 nm. */
export const concrete: Spectrum = (nm) =>
  0.22 + 0.14 * (1 - Math.exp(-(nm - 380) / 300)) - 0.05 * gauss(nm, 2340, 30);

/** Blue coated metal. */
export const blueMetal: Spectrum = (nm) =>
  0.08 + 0.22 * gauss(nm, 460, 45) + 0.26 * logistic(nm, 760, 30);

/** Quartz sand with some shell. `wet` 0..1. */
export function sand(wet: number): Spectrum {
  return (nm) =>
    (0.12 + 0.24 * (1 - Math.exp(-(nm - 350) / 250))) *
    (1 - 0.06 * gauss(nm, 2340, 30)) *
    Math.exp(-wet * (0.6 + liquidWater(nm)));
}

/** Sunlight that reaches the sensor, 0..1: a warm black body with the atmosphere's bands. */
export function illumination(nm: number): number {
  const x = nm / 500;
  const sun = (x ** -5 / (Math.exp(4.98 / x) - 1)) * 142;
  const oxygen = 0.45 * gauss(nm, 762, 4) + 0.15 * gauss(nm, 688, 4);
  const vapour =
    0.12 * gauss(nm, 724, 9) +
    0.15 * gauss(nm, 820, 10) +
    0.55 * gauss(nm, 938, 18) +
    0.6 * gauss(nm, 1130, 22) +
    3.2 * gauss(nm, 1385, 32) +
    3.4 * gauss(nm, 1880, 40);
  const scattering = 0.35 * (400 / nm) ** 4;
  return Math.min(1, sun) * Math.exp(-oxygen - vapour - scattering);
}
