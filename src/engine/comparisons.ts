import { trueColourBands } from '../core/cube/composite';
import type { PixelWindow } from '../core/cube/types';
import { HscError } from '../core/errors';
import { type Distortion, DistortionSums } from '../core/metrics/distortion';
import { FigureSums, type Figures } from '../core/metrics/figures';
import type { ErrorSpectrum } from '../core/metrics/spectral';
import type { CompareRequest, CubeId, DifferenceMap, DifferenceRequest } from './api';
import type { CubeTable } from './cubes';
import { type ComparedPair, differenceMap, errorSpectrumOf, sumOver } from './difference';
import type { HeldFacts } from './heldFacts';
import { locateIn } from './locate';

interface Held {
  readonly cubes: CubeTable;
  /** What the files of open reconstructions tell. */
  readonly facts: ReadonlyMap<CubeId, HeldFacts>;
}

/**
 * Open reconstructions against open originals, with the value range that is stored in the file.
 * Damaged tiles are left out of every figure and map.
 * Everything here throws `bad-argument` where one of the two is no longer open.
 */
export class Comparisons {
  constructor(private readonly held: Held) {}

  async compare(request: CompareRequest): Promise<Distortion> {
    const pair = this.pairOf(request);
    const { original, codedBands, range } = pair;
    const { noDataValue } = original.info;
    return sumOver(pair, new DistortionSums(codedBands.length, range, noDataValue));
  }

  async figures(request: CompareRequest): Promise<Figures> {
    const pair = this.pairOf(request);
    const { original, decoded, range } = pair;
    const { noDataValue } = original.info;
    const rgb = decoded.info.bands < 3 ? undefined : trueColourBands(decoded.info);
    return sumOver(pair, new FigureSums(decoded.info, range, { noDataValue, rgb }));
  }

  async difference(request: DifferenceRequest): Promise<DifferenceMap> {
    return differenceMap(this.pairOf(request), request);
  }

  async errorSpectrum(request: CompareRequest): Promise<ErrorSpectrum> {
    return errorSpectrumOf(this.pairOf(request));
  }

  /** The window of the original that looks most like the reconstruction at its middle band. */
  async locate(original: CubeId, reconstruction: CubeId): Promise<PixelWindow> {
    const { cubes } = this.held;
    return locateIn(cubes.get(original).source, cubes.get(reconstruction).source);
  }

  private pairOf({ original, reconstruction, window }: CompareRequest): ComparedPair {
    const { cubes, facts } = this.held;
    const known = facts.get(reconstruction);
    if (!known) throw new HscError('bad-argument', 'That reconstruction is no longer open.');
    return {
      original: cubes.get(original).source,
      window,
      decoded: cubes.get(reconstruction).source,
      codedBands: known.codedBands,
      range: known.range,
      lost: known.lost ?? [],
    };
  }
}
