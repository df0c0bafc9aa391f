import {
  type ComponentAxes,
  principalAxes,
  projectPlanes,
  projectSpectra,
} from '../core/cube/components';
import { paintChannels, type Stretch, stretchOf } from '../core/cube/composite';
import {
  binCounts,
  histogramPercentiles,
  QUANTILE_STEPS,
  quantileTable,
} from '../core/cube/histogram';
import type { CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import type {
  ChannelHistogram,
  CubeId,
  Picture,
  PictureRequest,
  PictureSource,
  ProgressListener,
  StretchedSource,
} from './api';
import type { CubeTable } from './cubes';
import type { Overview } from './overview';

const BLOCK_SAMPLES = 2 ** 22;
/** Of a histogram that is drawn about 250 pixels wide. */
const BINS = 125;
/** A picture without data is stretched from 0 to 1. */
const NO_QUANTILES = Float64Array.from(
  { length: QUANTILE_STEPS + 1 },
  (_, step) => step / QUANTILE_STEPS,
);

/** Planes of a picture; without data where `noDataValue` stands. */
interface Planes {
  readonly overview: Overview;
  readonly planes: readonly SampleArray[];
  readonly noDataValue?: number;
}

interface Keyed<T> {
  readonly key: string;
  readonly value: Promise<T>;
}

/**
 * Makes pictures of cubes. What does not change from one picture to the next is kept beside the
 * planes it came from, and goes with them: percentiles, principal components.
 */
export class Pictures {
  private readonly percentiles = new WeakMap<SampleArray, Map<string, Stretch[number]>>();
  private readonly quantiles = new WeakMap<SampleArray, Float64Array>();
  private readonly axes = new WeakMap<Overview, Keyed<ComponentAxes>>();
  private readonly components = new WeakMap<Overview, Keyed<readonly Float32Array[]>>();

  constructor(private readonly cubes: CubeTable) {}

  async picture(request: PictureRequest): Promise<Picture> {
    const shown = await this.planes(request);
    const stretch = isPercentiles(request.stretch)
      ? this.stretch(request.like ? await this.planes(request.like) : shown, request.stretch)
      : request.stretch;
    const { width, height, stride } = shown.overview;
    const channels = shown.planes.map((samples) => ({ samples, offset: 0, step: 1 }));
    const rgba = paintChannels(channels, stretch, shown.noDataValue, request.colourMap);
    return { width, height, stride, rgba, stretch };
  }

  async histogram(request: StretchedSource): Promise<readonly ChannelHistogram[]> {
    const shown = await this.planes(request);
    const stretching = request.like ? await this.planes(request.like) : shown;
    return shown.planes.map((plane, channel) => {
      const own = this.quantilesOf(plane, shown.noDataValue);
      const axis = histogramAxis(own);
      const counts = binCounts(plane, axis, BINS, shown.noDataValue);
      const other = stretching.planes[channel] ?? plane;
      const quantiles = this.quantilesOf(other, stretching.noDataValue);
      return { low: axis[0], high: axis[1], counts, quantiles };
    });
  }

  private quantilesOf(plane: SampleArray, noDataValue: number | undefined): Float64Array {
    const known = this.quantiles.get(plane) ?? quantileTable(plane, noDataValue) ?? NO_QUANTILES;
    this.quantiles.set(plane, known);
    return known;
  }

  /** Finds the components that pictures with `components: { of: cube, bands }` show. */
  async findComponents(
    cube: CubeId,
    bands: readonly number[],
    signal?: AbortSignal,
    onProgress?: ProgressListener,
  ): Promise<void> {
    await this.axesOf(cube, bands, signal, onProgress);
  }

  private async planes(source: PictureSource): Promise<Planes> {
    const { cube, window, bands, components, maxSide } = source;
    const { noDataValue } = this.cubes.get(cube).source.info;
    const overview = window ? this.cubes.part(cube, window, maxSide) : this.cubes.overview(cube);
    if (!components) return { overview, planes: await overview.load(bands), noDataValue };
    const key = JSON.stringify([components, bands]);
    const planes = await kept(this.components, overview, key, async () => {
      const axes = await this.axesOf(components.of, components.bands);
      if (!window) return projectPlanes(await overview.load(bands), axes, noDataValue);
      return projectWindow(this.cubes.get(cube).source, window, overview, bands, axes);
    });
    return { overview, planes };
  }

  private axesOf(
    cube: CubeId,
    bands: readonly number[],
    signal?: AbortSignal,
    onProgress?: ProgressListener,
  ): Promise<ComponentAxes> {
    const overview = this.cubes.overview(cube);
    return kept(this.axes, overview, bands.join(), async () => {
      const report = (done: number) => onProgress?.(done, 'Reading all bands');
      const planes = await overview.load(bands, { signal, onProgress: report });
      return principalAxes(planes, this.cubes.get(cube).source.info.noDataValue);
    });
  }

  private stretch({ planes, noDataValue }: Planes, percents: readonly [number, number]): Stretch {
    return planes.map((plane) => {
      const known = this.percentiles.get(plane) ?? new Map<string, Stretch[number]>();
      this.percentiles.set(plane, known);
      const key = percents.join();
      const range = known.get(key) ?? stretchOf(histogramPercentiles(plane, percents, noDataValue));
      known.set(key, range);
      return range;
    });
  }
}

/** Outliers are left out where the axis would be three times as long for one thousandth at either end. */
const LONGEST = 3;

/** Ends of a histogram's axis, by its quantiles; of length 1 where all samples agree. */
function histogramAxis(quantiles: Float64Array): readonly [number, number] {
  const last = quantiles.length - 1;
  const [least, most] = [quantiles[0], quantiles[last]];
  const [low, high] = [quantiles[1], quantiles[last - 1]];
  if (most <= least) return [least, least + 1];
  const inner = high - low;
  if (inner <= 0 || most - least <= LONGEST * inner) return [least, most];
  return [Math.max(least, low - inner / 20), Math.min(most, high + inner / 20)];
}

const isPercentiles = (stretch: PictureRequest['stretch']): stretch is readonly [number, number] =>
  typeof stretch[0] === 'number';

/** The last thing that was made of an overview, or a new one; failures are not kept. */
function kept<T>(
  table: WeakMap<Overview, Keyed<T>>,
  overview: Overview,
  key: string,
  make: () => Promise<T>,
): Promise<T> {
  const held = table.get(overview);
  if (held?.key === key) return held.value;
  const value = make();
  table.set(overview, { key, value });
  value.catch(() => {
    if (table.get(overview)?.value === value) table.delete(overview);
  });
  return value;
}

/** Components of every pixel that a thinned window shows, read in blocks of rows. */
async function projectWindow(
  source: CubeSource,
  window: PixelWindow,
  { width, height, stride }: Overview,
  bands: readonly number[],
  axes: ComponentAxes,
): Promise<readonly Float32Array[]> {
  const targets = axes.vectors.map(() => new Float32Array(width * height));
  const rows = Math.max(1, Math.floor(BLOCK_SAMPLES / (window.width * bands.length)));
  const block = stride > 1 ? 1 : rows;
  for (let row = 0; row < height; row += block) {
    const y = window.y + row * stride;
    const part = { ...window, y, height: Math.min(block, height - row) };
    const samples = await source.readWindow(part, { bands });
    projectSpectra(samples, axes, stride, targets, row * width, source.info.noDataValue);
  }
  return targets;
}
