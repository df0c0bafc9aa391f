import { type HscFile, parseFile } from '../../core/bitstream/container';
import {
  type LatentFile,
  readFrame,
  readTile,
  writeLatentFile,
} from '../../core/bitstream/latentFile';
import { checkDimensions } from '../../core/bitstream/limits';
import { metadataOf } from '../../core/bitstream/metadata';
import { storedRange } from '../../core/bitstream/storedRange';
import { symbolDigest } from '../../core/bitstream/symbolDigest';
import { tileLayout } from '../../core/bitstream/tiles';
import { gridFor, gridNamed } from '../../core/cube/gridChoice';
import { gridCenters } from '../../core/cube/grids';
import { denormalize, valueRange } from '../../core/cube/normalize';
import { resampleMatrix } from '../../core/cube/resample';
import type { HyperspectralCube } from '../../core/cube/types';
import type { FrameSymbols } from '../../core/entropy/frameCoder';
import type { DecodedTile, TileSymbols } from '../../core/entropy/latentCoder';
import type { EntropyModel } from '../../core/entropy/model';
import { HscError, throwIfAborted } from '../../core/errors';
import type { ModelFile } from '../../nn/modelFile';
import type { Model, ModelStore } from '../../nn/models';
import { nativeBands, planBands } from '../bands';
import { budgetOf, codedSamples, notesOf, restoredCube } from '../coded';
import { share } from '../progress';
import { sameNumbers } from '../same';
import { nextTurn } from '../turn';
import type {
  Codec,
  CodecMeta,
  DecodeResult,
  EncodeOptions,
  EncodeResult,
  JobContext,
} from '../types';
import { type BudgetRequest, type FittedImage, fitToBudget } from './budgetFit';
import { frameOfSymbols, restore } from './frame';
import { FrameBasis } from './frameBasis';
import { hificHeader, modelOfFile } from './inspect';
import { dequantise, gainsOf, latentsOf } from './latents';
import { highestRate } from './rate';
import { type BandsOut, synthesise } from './synthesis';

/**
 * A HiFiC variant as a codec (Byju et al.): spectral frame, analysis transform, rate gains,
 * hyperprior and context model, range coder; and back. Decodes the files of every HiFiC variant: a file names its weights.
 */
export class HificCodec implements Codec {
  constructor(
    readonly meta: CodecMeta,
    private readonly models: ModelStore,
  ) {}

  async encode(
    cube: HyperspectralCube,
    options: EncodeOptions,
    job: JobContext = {},
  ): Promise<EncodeResult> {
    checkDimensions(cube.width, cube.height, cube.bands);
    const grid = gridFor(this.meta, cube, options.grid);
    const plan = planBands(grid, cube, options.bandPolicy);
    const model = await loading(share(job, 0, 0.1), (onProgress) =>
      this.models.loadFor(this.meta.id, grid.name, onProgress),
    );
    const start = performance.now();
    const { spec, entropy } = model.file;
    const range = storedRange(valueRange(codedSamples(cube, plan.codedBands)));
    const budget = budgetOf(options.rate, cube);
    const request: BudgetRequest = {
      model,
      image: { cube, plan, range },
      header: {
        family: 'hific',
        width: cube.width,
        height: cube.height,
        bands: plan.codedBands.length,
        sampleType: cube.sampleType,
        mapping: plan.mapping,
        range,
      },
      bytes: budget,
      plainRounding: options.plainRounding,
    };
    const fitted = await fitToBudget(request, share(job, 0.1, 0.9));
    const highest = highestRate(spec.targetRates.length);
    const notes = [...notesOf(cube, plan.codedBands), ...rangeNotes(fitted, budget, highest)];

    job.onProgress?.(0.9, 'entropy coding');
    await nextTurn();
    const info = { ...cube, notes: [...(cube.notes ?? []), ...notes] };
    const metadata = metadataOf(info, plan.codedBands, options.metadata);
    const written = writeLatentFile(entropy, fitted.header, fitted.tiles, metadata);
    await verify(written, entropy, fitted.tiles, share(job, 0.92, 1));
    return {
      ...written,
      codedBands: plan.codedBands,
      notes,
      milliseconds: performance.now() - start,
    };
  }

  async decode(
    file: Uint8Array,
    options: { readonly bandsFrom?: readonly number[] } = {},
    job: JobContext = {},
  ): Promise<DecodeResult> {
    const parsed = parseFile(file);
    const header = hificHeader(parsed);
    const { metadata } = parsed;
    const model = await loading(share(job, 0, 0.1), (onProgress) =>
      modelOfFile(header, this.models, onProgress),
    );
    const start = performance.now();
    const { spec, entropy } = model.file;
    const grid = gridNamed(spec.grid);
    const native = nativeBands(grid, header, metadata?.wavelengthsNm, options.bandsFrom);

    const latents = latentsOf(header, spec.latentChannels);
    const { rate } = header.model;
    const gains = gainsOf(model.file, rate);
    const frame = readFrame(parsed, entropy);
    const { tiles } = tileLayout(header.width, header.height);
    const symbols = await readTiles(parsed, entropy, share(job, 0.1, 0.3), 'entropy decoding');
    for (const [i, tile] of tiles.entries()) dequantise(latents, tile, symbols[i], gains);
    const out: BandsOut = {
      toNative: resampleMatrix(gridCenters(grid), native.positionsNm),
      restore: frame && restorer(model.file, frame),
    };
    const samples = await synthesise(
      model.network(),
      latents,
      rate,
      header,
      out,
      share(job, 0.3, 1),
    );
    return {
      cube: restoredCube(header, metadata, native, denormalize(samples, header.range)),
      codec: model.codec,
      symbolDigest: await symbolDigest(symbols),
      milliseconds: performance.now() - start,
    };
  }
}

async function loading(
  job: JobContext,
  load: (onProgress: (done: number) => void) => Promise<Model>,
): Promise<Model> {
  throwIfAborted(job.signal);
  const model = await load((done) => job.onProgress?.(done, 'loading the model'));
  throwIfAborted(job.signal);
  return model;
}

/** Share of the budget below which a file of the highest rate is worth a word. */
const FILLED = 0.97;

/** What a user should know where no rate of the model fits or fills the budget. */
function rangeNotes({ rate, bytes, header }: FittedImage, budget: number, highest: number) {
  const end = bytes > budget ? 'lowest' : 'highest';
  if (bytes <= budget && !(rate === highest && bytes < FILLED * budget)) return [];
  const bpp = ((8 * bytes) / (header.width * header.height)).toFixed(3);
  return [`The ${end} rate of this model for this image is ${bpp} bpp.`];
}

/** What brings decoded samples out of a file's spectral frame, in place. */
function restorer({ frame: axes, entropy, spec }: ModelFile, symbols: FrameSymbols) {
  if (!axes) return undefined;
  const frame = frameOfSymbols(entropy, symbols);
  const basis = new FrameBasis(axes, spec.input);
  return (samples: Float32Array) => restore(basis, frame, samples);
}

/**
 * Reads the written file back and compares every symbol, so that no fault of the coder can lose an
 * image unnoticed. Throws `check-failed`.
 */
async function verify(
  { file }: LatentFile,
  entropy: EntropyModel,
  symbols: readonly TileSymbols[],
  job: JobContext,
): Promise<void> {
  const decoded = await readTiles(parseFile(file), entropy, job, 'checking the file');
  const same = symbols.every(
    ({ zq, q }, i) => sameNumbers(zq, decoded[i].zq) && sameNumbers(q, decoded[i].q),
  );
  if (same) return;
  throw new HscError(
    'check-failed',
    'The written file does not decode to what was encoded; please report this.',
  );
}

async function readTiles(
  file: HscFile,
  entropy: EntropyModel,
  job: JobContext,
  label: string,
): Promise<DecodedTile[]> {
  const decoded: DecodedTile[] = [];
  for (const index of file.tiles.keys()) {
    job.onProgress?.(index / file.tiles.length, label);
    await nextTurn();
    throwIfAborted(job.signal);
    decoded.push(readTile(file, entropy, index));
  }
  return decoded;
}
