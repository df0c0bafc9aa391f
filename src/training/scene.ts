import type { BandPlan } from '../codecs/bands';
import { codedSamples } from '../codecs/coded';
import { fillGaps } from '../codecs/gaps';
import type { FrameBasis } from '../codecs/hific/frameBasis';
import { Turns } from '../codecs/turn';
import { storedRange } from '../core/bitstream/storedRange';
import { normalize, type ValueRange, valueRange } from '../core/cube/normalize';
import { resample } from '../core/cube/resample';
import type { CubeSource, HyperspectralCube, PixelWindow, SampleArray } from '../core/cube/types';
import { emptyLike, loadWindow, wholeWindow } from '../core/cube/window';
import type { GridSize } from '../core/entropy/hyperSynthesis';
import { throwIfAborted } from '../core/errors';
import type { Random } from '../core/samples/random';
import { CropPlaces } from './split';

/** Bytes of samples on the grid that a scene keeps; of a larger one it keeps as many areas. */
const KEPT_BYTES = 256 * 2 ** 20;
/** Side of such an area, in crops. */
const AREA_SIDE = 2;
/** Factors of brightness that crops are multiplied by. */
const BRIGHTNESS = [0.9, 1.1] as const;

/** A part of a scene in memory. */
interface Area {
  /** Columns. */
  readonly width: number;
  /** 0..1 on the model's grid, BIP. */
  readonly samples: Float32Array;
  /** On the spectral axes of the model's frames, BIP; empty for a model without any. */
  readonly coordinates: Float32Array;
  readonly places: CropPlaces;
}

/** A square part of a scene as a network is to see it. */
export interface Crop {
  readonly side: number;
  /** [side, side, bands], 0..1 or a little above where it was made brighter. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** [side, side, components] */
  readonly coordinates: Float32Array<ArrayBuffer>;
}

/** What of a scene is trained on. */
export interface SceneParts {
  readonly plan: BandPlan;
  /** No pixel of this window is ever in a crop. */
  readonly heldBack: PixelWindow;
  /** Side of the crops in pixels. */
  readonly side: number;
  /** Spectral axes of the model's frames, if it has any. */
  readonly basis: FrameBasis | null;
}

/** A scene as it is trained on: random crops of the part that is not held back. */
export class TrainingScene {
  private constructor(
    private readonly areas: readonly Area[],
    private readonly parts: SceneParts,
    /** What becomes 0 and 1. */
    readonly range: ValueRange,
  ) {}

  /**
   * Reads what is to be trained on. `onProgress` hears 0..1. Throws `bad-file` where there are no
   * data, `aborted`, and what the source throws.
   */
  static async read(
    source: CubeSource,
    parts: SceneParts,
    job: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
  ): Promise<TrainingScene> {
    const { plan, heldBack, side, basis } = parts;
    const windows = areasOf(source.info, heldBack, side, plan.toGrid.to);
    const areas: Area[] = [];
    let range: ValueRange | undefined;
    for (const [done, window] of windows.entries()) {
      throwIfAborted(job.signal);
      job.onProgress?.(done / windows.length);
      const cube = await loadWindow(source, window, job.signal);
      const inArea = movedBy(heldBack, window);
      range ??= trainingRange(cube, plan, inArea);
      const places = new CropPlaces(window, inArea, side);
      const samples = samplesOnGrid(cube, plan, range);
      const coordinates = await coordinatesOf(samples, basis, job.signal);
      areas.push({ width: window.width, samples, coordinates, places });
    }
    return new TrainingScene(areas, parts, range as ValueRange);
  }

  /** A random crop, turned, mirrored, brighter or darker. */
  crop(random: Random): Crop {
    let index = random.integer(this.areas.reduce((sum, { places }) => sum + places.count, 0));
    let area = this.areas[0];
    for (area of this.areas) {
      if (index < area.places.count) break;
      index -= area.places.count;
    }
    const { side, plan, basis } = this.parts;
    const pixels = pixelsOf(area.width, area.places.at(index), {
      turned: random.integer(2) === 1,
      mirroredX: random.integer(2) === 1,
      mirroredY: random.integer(2) === 1,
    });
    const gain = random.between(...BRIGHTNESS);
    const samples = picked(area.samples, pixels, plan.toGrid.to).map((value) => gain * value);
    // Coordinates are an affine function of samples: a black pixel stays what it is.
    const coordinates = picked(area.coordinates, pixels, basis?.components ?? 0);
    for (let i = 0; basis && i < coordinates.length; i++) {
      const black = basis.origin[i % basis.components];
      coordinates[i] = black + gain * (coordinates[i] - black);
    }
    return { side, samples, coordinates };
  }
}

/** Indices of the pixels of a square window, in the order in which a crop shows them. */
function pixelsOf(
  width: number,
  { x, y, width: side }: PixelWindow,
  look: { readonly turned: boolean; readonly mirroredX: boolean; readonly mirroredY: boolean },
): Int32Array {
  const last = side - 1;
  return Int32Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side];
    const [i, j] = look.turned ? [column, row] : [row, column];
    return (y + (look.mirroredY ? last - i : i)) * width + x + (look.mirroredX ? last - j : j);
  });
}

/** The values of some pixels of a BIP array. */
function picked(
  values: Float32Array,
  pixels: Int32Array,
  bands: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(pixels.length * bands);
  for (const [to, pixel] of pixels.entries()) {
    result.set(values.subarray(pixel * bands, (pixel + 1) * bands), to * bands);
  }
  return result;
}

async function coordinatesOf(
  samples: Float32Array,
  basis: FrameBasis | null,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  if (!basis) return new Float32Array(0);
  const pixels = samples.length / basis.bands;
  const all = new Float32Array(pixels * basis.components);
  const own = new Float64Array(basis.components);
  const turns = new Turns({ signal }, 'spectral axes');
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (pixel % 256 === 0 && turns.due()) await turns.take(pixel / pixels);
    basis.coordinates(samples, pixel * basis.bands, own);
    all.set(own, pixel * basis.components);
  }
  return all;
}

/** A window seen from the upper left corner of another. */
function movedBy(window: PixelWindow, { x, y }: PixelWindow): PixelWindow {
  return { ...window, x: window.x - x, y: window.y - y };
}

/** The value range of the pixels that are trained on. */
function trainingRange(cube: HyperspectralCube, plan: BandPlan, heldBack: PixelWindow): ValueRange {
  const data = emptyLike(cube.data, cube.data.length);
  let to = 0;
  for (let y = 0; y < cube.height; y++) {
    for (let x = 0; x < cube.width; x++) {
      if (inside(heldBack, x, y)) continue;
      const from = (y * cube.width + x) * cube.bands;
      for (const band of plan.codedBands) data[to++] = cube.data[from + band];
    }
  }
  return storedRange(
    valueRange({ data: data.subarray(0, to) as SampleArray, noDataValue: cube.noDataValue }),
  );
}

function inside(window: PixelWindow, x: number, y: number): boolean {
  const [column, row] = [x - window.x, y - window.y];
  return column >= 0 && column < window.width && row >= 0 && row < window.height;
}

/** Samples of a cube 0..1 on the model's grid, BIP, gaps filled. */
export function samplesOnGrid(
  cube: HyperspectralCube,
  plan: BandPlan,
  range: ValueRange,
): Float32Array {
  const { data, noDataValue } = codedSamples(cube, plan.codedBands);
  const normalized = normalize(data, range, noDataValue);
  fillGaps(normalized, cube.width, plan.codedBands.length);
  return resample(plan.toGrid, normalized);
}

/** The whole scene, or areas spread over it that hold crops and together fit into memory. */
function areasOf(
  scene: GridSize,
  heldBack: PixelWindow,
  side: number,
  bands: number,
): readonly PixelWindow[] {
  const bytes = (pixels: number) => 4 * bands * pixels;
  if (bytes(scene.width * scene.height) <= KEPT_BYTES) return [wholeWindow(scene)];
  const width = Math.min(scene.width, AREA_SIDE * side);
  const height = Math.min(scene.height, AREA_SIDE * side);
  const all: PixelWindow[] = [];
  for (let y = 0; y + height <= scene.height; y += height) {
    for (let x = 0; x + width <= scene.width; x += width) all.push({ x, y, width, height });
  }
  const useful = all.filter((window) => {
    return new CropPlaces(window, movedBy(heldBack, window), side).count > 0;
  });
  const most = Math.max(1, Math.floor(KEPT_BYTES / bytes(width * height)));
  if (useful.length <= most) return useful;
  return Array.from(
    { length: most },
    (_, i) => useful[Math.floor(((i + 0.5) * useful.length) / most)],
  );
}
