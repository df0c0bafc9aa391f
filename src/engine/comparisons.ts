import type { FileFacts } from '../codecs/inspect';
import { nearestBand, trueColourBands } from '../core/cube/composite';
import type { CubeSource, PixelWindow } from '../core/cube/types';
import { wholeWindow } from '../core/cube/window';
import { HscError } from '../core/errors';
import { type Distortion, distortion } from '../core/metrics/distortion';
import { type Figures, figures } from '../core/metrics/figures';
import type { ErrorSpectrum } from '../core/metrics/spectral';
import type { CompareRequest, CubeId, DifferenceMap, DifferenceRequest } from './api';
import type { CubeTable } from './cubes';
import { type ComparedPair, differenceMap, errorSpectrumOf } from './difference';
import { locatePatch, type Plane } from './locate';

interface Held {
  readonly cubes: CubeTable;
  /** What the files of open reconstructions tell. */
  readonly facts: ReadonlyMap<CubeId, FileFacts>;
}

/**
 * Open reconstructions against open originals, with the value range that is stored in the file.
 * Everything here throws `bad-argument` where one of the two is no longer open.
 */
export class Comparisons {
  constructor(private readonly held: Held) {}

  async compare(request: CompareRequest): Promise<Distortion> {
    const pair = this.pairOf(request);
    const { original, codedBands, range } = pair;
    const [samples, restored] = await samplesOf(pair);
    return distortion(samples, restored, codedBands.length, range, original.info.noDataValue);
  }

  async figures(request: CompareRequest): Promise<Figures> {
    const pair = this.pairOf(request);
    const { original, decoded, range } = pair;
    const [samples, restored] = await samplesOf(pair);
    return figures(samples, restored, decoded.info, range, {
      noDataValue: original.info.noDataValue,
      rgb: decoded.info.bands < 3 ? undefined : trueColourBands(decoded.info),
    });
  }

  async difference(request: DifferenceRequest): Promise<DifferenceMap> {
    return differenceMap(this.pairOf(request), request);
  }

  async errorSpectrum(request: CompareRequest): Promise<ErrorSpectrum> {
    return errorSpectrumOf(this.pairOf(request));
  }

  /** The window of the original that looks most like the reconstruction at its middle band. */
  async locate(original: CubeId, reconstruction: CubeId): Promise<PixelWindow> {
    const scene = this.held.cubes.get(original).source;
    const patch = this.held.cubes.get(reconstruction).source;
    const nm = patch.info.wavelengthsNm;
    const band = Math.floor(patch.info.bands / 2);
    const sceneBand =
      nm && scene.info.wavelengthsNm
        ? nearestBand(scene.info.wavelengthsNm, nm[band])
        : Math.floor((band * scene.info.bands) / patch.info.bands);
    if (patch.info.width > scene.info.width || patch.info.height > scene.info.height) {
      throw new HscError(
        'bad-argument',
        `The decoded image (${patch.info.width}×${patch.info.height}) is larger than the open cube (${scene.info.width}×${scene.info.height}).`,
      );
    }
    return locatePatch(await plane(scene, sceneBand), await plane(patch, band));
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
    };
  }
}

/** Both images at the bands that the file holds, BIP. */
function samplesOf({ original, window, decoded, codedBands }: ComparedPair) {
  return Promise.all([
    original.readWindow(window, { bands: codedBands }),
    decoded.readWindow(wholeWindow(decoded.info)),
  ]);
}

async function plane(source: CubeSource, band: number): Promise<Plane> {
  const { width, height } = source.info;
  const samples = await source.readWindow(wholeWindow(source.info), { bands: [band] });
  return { width, height, values: Float32Array.from(samples as ArrayLike<number>) };
}
