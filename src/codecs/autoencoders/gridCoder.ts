import { gridFor, gridNamed } from '../../core/cube/gridChoice';
import { gridCenters, type SpectralGrid } from '../../core/cube/grids';
import { type ResampleMatrix, resampleMatrix } from '../../core/cube/resample';
import type { CubeInfo } from '../../core/cube/types';
import { HscError } from '../../core/errors';
import { type NativeBands, nativeBands, planBands } from '../bands';
import type { CodedImage, SampleCoder } from '../sampleCodec';
import type { CodecMeta, EncodeOptions } from '../types';

/** A codec whose network sees images on one spectral grid. */
export abstract class GridCoder {
  readonly meta: CodecMeta;
  private readonly grid: SpectralGrid;

  constructor(meta: CodecMeta, grid: string) {
    this.meta = { ...meta, grids: [grid] };
    this.grid = gridNamed(grid);
  }

  plan(info: CubeInfo, { bandPolicy, grid }: Pick<EncodeOptions, 'bandPolicy' | 'grid'>) {
    return planBands(gridFor(this.meta, info, grid), info, bandPolicy);
  }

  bands(...[header, wavelengthsNm]: Parameters<SampleCoder['bands']>): NativeBands {
    return nativeBands(this.grid, header, wavelengthsNm, undefined);
  }

  /** From an image's bands to the grid's. */
  protected toGrid({ bands }: CodedImage): ResampleMatrix {
    return resampleMatrix(bands.positionsNm, gridCenters(this.grid));
  }

  /** And back. */
  protected toNative({ bands }: CodedImage): ResampleMatrix {
    return resampleMatrix(gridCenters(this.grid), bands.positionsNm);
  }

  /** Throws `model-missing` where a file names other weights than those that are installed. */
  protected checkWeights(installed: string, named: string): void {
    if (named === installed) return;
    throw new HscError(
      'model-missing',
      `The file was made with weights ${named} of ${this.meta.label}, which are not installed here: open ` +
        'it with the version of the studio that wrote it.',
    );
  }
}
