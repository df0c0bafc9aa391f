import { writeLatentFile } from '../../core/bitstream/latentFile';
import { nearestBand } from '../../core/cube/composite';
import { gridNamed } from '../../core/cube/gridChoice';
import { gridCenters, positionsOnGrid } from '../../core/cube/grids';
import { isDataSample, type ValueRange } from '../../core/cube/normalize';
import { resample } from '../../core/cube/resample';
import type { CubeInfo, HyperspectralCube } from '../../core/cube/types';
import { memorySource, pick } from '../../core/cube/window';
import { HscError } from '../../core/errors';
import { GateRecorder, scaleGates } from '../../nn/gates';
import type { ModelStore } from '../../nn/models';
import { DOWNSAMPLING } from '../../nn/spec';
import { fillGaps } from '../gaps';
import { share } from '../progress';
import type { CodecMeta, EncodeOptions, JobContext } from '../types';
import { codeAsChosen, fitToBudget } from './budgetFit';
import { decodeLatentFile } from './decoding';
import { budgetRequest, planCoding, surveyCoded } from './request';
import type { BudgetRequest, EncoderChoice } from './trials';
import { LARGEST_CORE } from './windows';

/** Gates of an SE block while one patch was coded. */
export interface BlockGates {
  /** Name of the block in the weights, e.g. `encoder.se0`. */
  readonly block: string;
  readonly part: 'input' | 'encoder' | 'generator';
  /** One gate in 0..1 a channel. */
  readonly gates: Float32Array<ArrayBuffer>;
}

/** The gate of one channel, multiplied by a factor. */
export interface GateEdit {
  readonly block: string;
  readonly channel: number;
  /** 0 mutes, 1 changes nothing. */
  readonly factor: number;
}

/** A band of the image, moved towards its mean over the patch before anything is coded. */
export interface BandEdit {
  /** Number in the cube. */
  readonly band: number;
  /** 0 leaves only the mean, 1 changes nothing. */
  readonly factor: number;
}

export interface AttentionEdits {
  readonly gates: readonly GateEdit[];
  readonly bands: readonly BandEdit[];
}

/** The bands that the block at the input of E weighs: those of the model's grid. */
export interface InputBands {
  /** Centres in nm; none for a cube whose wavelengths are unknown. */
  readonly wavelengthsNm?: readonly number[];
  /** The cube's band nearest to each. */
  readonly nearest: readonly number[];
  /** Mean spectrum of the patch there, in the cube's own units. */
  readonly mean: Float32Array<ArrayBuffer>;
}

/** A patch as a real file, and what that decodes to. */
export interface CodedPatch {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly cube: HyperspectralCube;
}

const LARGEST_PATCH = LARGEST_CORE * DOWNSAMPLING;

const isEncoder = (block: string) => block.startsWith('encoder.');

function partOf(block: string): BlockGates['part'] {
  if (block === 'encoder.se_input') return 'input';
  return isEncoder(block) ? 'encoder' : 'generator';
}

/**
 * A patch that was coded with the gates of all SE blocks read, and can be coded again with some of
 * them changed: at the same quantiser, in the same spectral frame, so that what changes in bits and
 * error comes from the edits alone. Edits in E change the file. Edits in G change only what this
 * decoder makes of it: no other decoder knows of them.
 */
export class AttendedPatch {
  private constructor(
    private readonly models: ModelStore,
    private readonly request: BudgetRequest,
    private readonly choice: EncoderChoice,
    /** The patch as it was before any edit. */
    readonly original: HyperspectralCube,
    /** In the order in which the network runs them. */
    readonly blocks: readonly BlockGates[],
    readonly plain: CodedPatch,
  ) {}

  /**
   * Codes a patch at a target rate and reads its gates, E's while encoding, G's while decoding the
   * file. Throws what encoding throws, `limit` for patches that do not fit into one window (whose
   * gates would be several), `bad-argument` for models without SE blocks.
   */
  static async read(
    meta: CodecMeta,
    models: ModelStore,
    cube: HyperspectralCube,
    options: EncodeOptions,
    job: JobContext,
  ): Promise<AttendedPatch> {
    requireOneWindow(cube);
    const { model, plan } = await planCoding(meta, models, cube, options, share(job, 0, 0.1));
    if (!model.file.spec.se) {
      throw new HscError(
        'bad-argument',
        `${meta.label} has no channel attention: choose a codec of the HiFiC SE variant.`,
      );
    }
    const source = memorySource(cube);
    const survey = await surveyCoded(source, plan, { signal: job.signal });
    const request = budgetRequest(model, plan, source, survey, options);
    const choice = await fitToBudget(request, share(job, 0.1, 0.6));
    const encoder = new GateRecorder();
    const generator = new GateRecorder();
    try {
      const coded = await codeAsChosen(request, choice, share(job, 0.6, 0.8), encoder.hook);
      const { file } = writeLatentFile(model.file.entropy, coded.header, coded.tiles);
      const decoding = share(job, 0.8, 1);
      const bandsFrom = pick(cube.wavelengthsNm, plan.codedBands);
      const decoded = await decodeLatentFile(file, models, { bandsFrom }, decoding, generator.hook);
      const blocks = [...(await encoder.read()), ...(await generator.read())].map(
        ({ block, values }) => ({ block, part: partOf(block), gates: Float32Array.from(values) }),
      );
      const plain = { file, cube: decoded.cube };
      return new AttendedPatch(models, request, choice, cube, blocks, plain);
    } finally {
      await Promise.all([encoder.read(), generator.read()]);
    }
  }

  /** Bands of the cube that the file holds. */
  get codedBands(): readonly number[] {
    return this.request.image.plan.codedBands;
  }

  /** The values of the cube that become 0 and 1. */
  get range(): ValueRange {
    return this.request.image.range;
  }

  inputBands(): InputBands {
    const { model, image } = this.request;
    const { plan } = image;
    const cube = this.original;
    const grid = gridNamed(model.file.spec.grid);
    const centres = gridCenters(grid);
    const nm = pick(cube.wavelengthsNm, plan.codedBands);
    const positions = positionsOnGrid(grid, plan.codedBands.length, nm);
    const mean = Float32Array.from(plan.codedBands, (band) => meanOf(cube, band));
    fillGaps(mean, 1, mean.length);
    return {
      wavelengthsNm: nm && centres,
      nearest: centres.map((centre) => plan.codedBands[nearestBand(positions, centre)]),
      mean: resample(plan.toGrid, mean),
    };
  }

  /**
   * The patch coded with edits. Throws `bad-argument` for channels and bands that do not exist,
   * `aborted`, `device`.
   */
  async edited(edits: AttentionEdits, job: JobContext): Promise<CodedPatch> {
    const { request, choice, models } = this;
    const encoding = edits.gates.filter(({ block }) => isEncoder(block));
    const decoding = edits.gates.filter(({ block }) => !isEncoder(block));
    let { file } = this.plain;
    if (encoding.length + edits.bands.length > 0) {
      const source = memorySource(withBandEdits(this.original, edits.bands));
      const scaled = scaleGates(this.factors(encoding));
      const own = { ...request, image: { ...request.image, source } };
      const coded = await codeAsChosen(own, choice, share(job, 0, 0.6), scaled);
      file = writeLatentFile(request.model.file.entropy, coded.header, coded.tiles).file;
    }
    const bandsFrom = pick(this.original.wavelengthsNm, this.codedBands);
    const scaled = scaleGates(this.factors(decoding));
    const decoded = await decodeLatentFile(file, models, { bandsFrom }, share(job, 0.6, 1), scaled);
    return { file, cube: decoded.cube };
  }

  private factors(edits: readonly GateEdit[]): ReadonlyMap<string, Float32Array> {
    const factors = new Map<string, Float32Array>();
    for (const { block, channel, factor } of edits) {
      const channels = this.blocks.find((one) => one.block === block)?.gates.length ?? 0;
      if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
        throw new HscError('bad-argument', `The model has no channel ${channel} in ${block}.`);
      }
      requireFactor(factor);
      const own = factors.get(block) ?? new Float32Array(channels).fill(1);
      own[channel] = factor;
      factors.set(block, own);
    }
    return factors;
  }
}

/** Throws `limit` for images that are coded in several windows. */
export function requireOneWindow({ width, height }: Pick<CubeInfo, 'width' | 'height'>): void {
  if (width <= LARGEST_PATCH && height <= LARGEST_PATCH) return;
  throw new HscError(
    'limit',
    `Larger images are coded in windows, each with gates of its own: choose a patch of at most ${LARGEST_PATCH} × ${LARGEST_PATCH} pixels.`,
  );
}

function requireFactor(factor: number): void {
  if (factor >= 0 && Number.isFinite(factor)) return;
  throw new HscError(
    'bad-argument',
    `Channels are scaled by factors of 0 and more, not ${factor}.`,
  );
}

/** Mean of a band's samples with data; NaN where none has. */
function meanOf({ data, bands, noDataValue }: HyperspectralCube, band: number): number {
  let [sum, count] = [0, 0];
  for (let at = band; at < data.length; at += bands) {
    if (!isDataSample(data[at], noDataValue)) continue;
    sum += data[at];
    count++;
  }
  return sum / count;
}

/** The cube with bands scaled about their means; samples without data stay as they are. */
function withBandEdits(cube: HyperspectralCube, edits: readonly BandEdit[]): HyperspectralCube {
  if (edits.length === 0) return cube;
  const { bands, noDataValue } = cube;
  const data = Float64Array.from(cube.data);
  for (const { band, factor } of edits) {
    if (!(Number.isInteger(band) && band >= 0 && band < bands)) {
      throw new HscError('bad-argument', `The image has no band ${band}.`);
    }
    requireFactor(factor);
    // Rounding would otherwise let a factor of 1 change samples.
    if (factor === 1) continue;
    const mean = meanOf(cube, band);
    for (let at = band; at < data.length; at += bands) {
      if (isDataSample(data[at], noDataValue)) data[at] = mean + factor * (data[at] - mean);
    }
  }
  return { ...cube, data };
}
