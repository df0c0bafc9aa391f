import { clamp01, field, fractalNoise, ramp, voronoiPlots } from './fields';
import { Random } from './random';
import { type Ground, observe, type SampleScene, type Sensor } from './scene';
import {
  asphalt,
  blueMetal,
  concrete,
  type Spectrum,
  sand,
  soil,
  straw,
  tile,
  vegetation,
  water,
} from './spectra';

const PUSHBROOM: Sensor = {
  name: 'simulated VNIR pushbroom',
  startNm: 402,
  endNm: 998,
  bands: 150,
  quantity: 'reflectance',
  scale: 10000,
  snr: 180,
};

const AIRBORNE: Sensor = {
  name: 'simulated airborne VNIR radiometer',
  startNm: 420,
  endNm: 960,
  bands: 108,
  quantity: 'radiance',
  scale: 8000,
  snr: 120,
};

const VSWIR: Sensor = {
  name: 'simulated 380–2500 nm imager',
  startNm: 380,
  endNm: 2500,
  bands: 213,
  quantity: 'radiance',
  scale: 9000,
  snr: 150,
};

/** Paints material shares pixel by pixel; later strokes cover earlier ones. */
class Canvas {
  readonly cover: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly materials: readonly Spectrum[],
  ) {
    this.cover = new Float32Array(width * height * materials.length);
  }

  paint(pixel: number, material: number, opacity: number): void {
    const n = this.materials.length;
    for (let m = 0; m < n; m++) this.cover[pixel * n + m] *= 1 - opacity;
    this.cover[pixel * n + material] += opacity;
  }

  /** Multiplies the light on each pixel. */
  shade(light: (pixel: number) => number): Ground {
    const n = this.materials.length;
    for (let pixel = 0; pixel < this.width * this.height; pixel++) {
      const factor = light(pixel);
      for (let m = 0; m < n; m++) this.cover[pixel * n + m] *= factor;
    }
    return this;
  }
}

/** How much of a pixel a line of half-width `half` covers, at a distance from its middle. */
const lineCover = (distance: number, half: number) => clamp01(half + 0.5 - Math.abs(distance));

function fields(): Ground {
  const [width, height] = [256, 256];
  const random = new Random(11);
  const crops: Spectrum[] = [
    vegetation(1.1, 0.46),
    vegetation(0.7, 0.38),
    vegetation(1.4, 0.52),
    straw,
    soil(0.34, 1, 0.1),
    soil(0.24, 0.6, 0.7),
    vegetation(0.5, 0.3, 0.6),
  ];
  const [bare, river, track, trees] = [4, 7, 8, 9];
  const canvas = new Canvas(width, height, [
    ...crops,
    water(0.5),
    soil(0.42, 0.4, 0),
    vegetation(1.3, 0.42, 1.2),
  ]);
  const plots = voronoiPlots(width, height, 52, random);
  const crop = Array.from({ length: plots.count }, () => Math.floor(random.next() * crops.length));
  const angle = Array.from({ length: plots.count }, () => random.between(0, Math.PI));
  const vigour = fractalNoise(width, height, 40, 4, random).values;
  const fine = fractalNoise(width, height, 5, 2, random).values;
  const wood = fractalNoise(width, height, 64, 4, random).values;
  const bend = fractalNoise(width, height, 90, 3, random).values;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const plot = plots.plot[pixel];
    const across = x * Math.cos(angle[plot]) + y * Math.sin(angle[plot]);
    const row = 0.5 + 0.5 * Math.sin(across * 1.15);
    canvas.paint(pixel, bare, 1);
    canvas.paint(pixel, crop[plot], clamp01(0.3 + 0.75 * vigour[pixel] - 0.25 * row));
    canvas.paint(pixel, trees, ramp(0.6, 0.66, wood[pixel] + 0.12 * (fine[pixel] - 0.5)));
    canvas.paint(pixel, track, lineCover(plots.border[pixel], 0.9) * 0.85);
    const course = y - (0.28 * height + 0.3 * x + 70 * (bend[pixel] - 0.5));
    canvas.paint(pixel, trees, lineCover(course, 9) * ramp(0.35, 0.55, fine[pixel]));
    canvas.paint(pixel, river, lineCover(course, 5.5));
  }
  return canvas.shade((pixel) => 0.8 + 0.25 * fine[pixel] + 0.1 * vigour[pixel]);
}

function town(): Ground {
  const [width, height] = [192, 192];
  const random = new Random(23);
  const roofs: Spectrum[] = [tile, tile, concrete, blueMetal, soil(0.3, 0.2, 0)];
  const [road, lawn, tree, pond, pavement] = [5, 6, 7, 8, 9];
  const canvas = new Canvas(width, height, [
    ...roofs,
    asphalt,
    vegetation(0.8, 0.42),
    vegetation(1.3, 0.4, 1.2),
    water(0.25),
    concrete,
  ]);
  const fine = fractalNoise(width, height, 4, 2, random).values;
  const green = fractalNoise(width, height, 24, 4, random).values;
  const light = new Float32Array(width * height).fill(1);
  const block = 32;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    canvas.paint(pixel, pavement, 1);
    canvas.paint(pixel, lawn, 0.55 + 0.4 * fine[pixel]);
    canvas.paint(pixel, pavement, 0.7 * ramp(0.5, 0.3, green[pixel]));
    canvas.paint(pixel, tree, ramp(0.58, 0.64, green[pixel] + 0.15 * (fine[pixel] - 0.5)));
    const street = Math.min(
      Math.abs(((x + 0.12 * y) % block) - block / 2),
      Math.abs(((y - 0.12 * x + 4 * block) % block) - block / 2),
    );
    canvas.paint(pixel, road, lineCover(street, 2.4));
    canvas.paint(pixel, pond, ramp(15, 13.5, Math.hypot(x - 140, (y - 62) * 1.3)));
  }
  for (let house = 0; house < 190; house++) {
    paintHouse(canvas, light, Math.floor(random.next() * roofs.length), random, block);
  }
  return canvas.shade((pixel) => light[pixel] * (0.85 + 0.3 * fine[pixel]));
}

/** A gabled roof aligned with the streets, one side sunlit, with its shadow to the lower left. */
function paintHouse(
  canvas: Canvas,
  light: Float32Array,
  roof: number,
  random: Random,
  block: number,
): void {
  const { width, height } = canvas;
  const u0 = Math.floor(random.next() * 8) * block + random.between(6, 26) - block / 2;
  const v0 = Math.floor(random.next() * 8) * block + random.between(6, 26) - block / 2;
  const [halfU, halfV] = [random.between(2.5, 5), random.between(2, 3.5)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x + 0.12 * y - u0;
      const v = y - 0.12 * x - v0 + block / 2;
      const inside = clamp01(halfU + 0.5 - Math.abs(u)) * clamp01(halfV + 0.5 - Math.abs(v));
      const shadow =
        clamp01(halfU + 0.5 - Math.abs(u + 2)) * clamp01(halfV + 0.5 - Math.abs(v - 2));
      const pixel = y * width + x;
      if (inside > 0) {
        canvas.paint(pixel, roof, inside);
        light[pixel] = 1 + inside * (v < 0 ? 0.15 : -0.2);
      } else if (shadow > 0) light[pixel] = Math.min(light[pixel], 1 - 0.65 * shadow);
    }
  }
}

function coast(): Ground {
  const [width, height] = [224, 160];
  const random = new Random(37);
  const [deep, shallow, wet, dry, dune, scrub, rock] = [0, 1, 2, 3, 4, 5, 6];
  const canvas = new Canvas(width, height, [
    water(0.02),
    water(0.55),
    sand(1),
    sand(0.05),
    straw,
    vegetation(0.9, 0.34),
    soil(0.28, 1.2, 0),
  ]);
  const relief = fractalNoise(width, height, 80, 5, random).values;
  const fine = fractalNoise(width, height, 6, 3, random).values;
  const height01 = field(width, height, (x, y) => {
    const shore = (x - 0.35 * y) / width - 0.22;
    return shore + 0.45 * (relief[y * width + x] - 0.5) + 0.02 * (fine[y * width + x] - 0.5);
  }).values;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const h = height01[pixel];
    canvas.paint(pixel, deep, 1);
    canvas.paint(pixel, shallow, ramp(-0.16, -0.02, h));
    canvas.paint(pixel, wet, ramp(-0.004, 0.004, h));
    canvas.paint(pixel, dry, ramp(0.02, 0.05, h));
    canvas.paint(pixel, dune, ramp(0.08, 0.16, h) * ramp(0.3, 0.7, fine[pixel]));
    canvas.paint(
      pixel,
      scrub,
      ramp(0.15, 0.3, h) * ramp(0.35, 0.6, 0.6 * fine[pixel] + 0.4 * relief[pixel]),
    );
    canvas.paint(pixel, rock, ramp(0.36, 0.44, h) * ramp(0.35, 0.6, fine[pixel]));
  }
  return canvas.shade((pixel) => {
    const slope = height01[Math.min(pixel + 1, height01.length - 1)] - height01[pixel];
    return height01[pixel] > 0
      ? 0.8 + 9 * Math.max(-0.03, Math.min(0.03, slope)) + 0.25 * fine[pixel]
      : 1;
  });
}

export const sampleScenes: readonly SampleScene[] = [
  {
    id: 'fields',
    title: 'Fields by a river',
    description: '256×256 px, 150 bands, 402–998 nm, reflectance',
    open: () => observe('fields', fields(), PUSHBROOM, 101),
  },
  {
    id: 'town',
    title: 'Small town',
    description: '192×192 px, 108 bands, 420–960 nm, radiance',
    open: () => observe('town', town(), AIRBORNE, 202),
  },
  {
    id: 'coast',
    title: 'Coast, full range',
    description: '224×160 px, 213 bands, 380–2500 nm, radiance',
    open: () => observe('coast', coast(), VSWIR, 303),
  },
];
