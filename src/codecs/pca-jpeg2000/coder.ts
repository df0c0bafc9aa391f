import type { CubeInfo } from '../../core/cube/types';
import { CountingPort } from '../../core/entropy/bitPort';
import { HscError } from '../../core/errors';
import type { Rows } from '../../core/linear/matrix';
import { leadingEigenvectors, spectralStatistics } from '../../core/linear/principal';
import { allBands, type NativeBands, ownBands } from '../bands';
import {
  codeInBasis,
  componentsAt,
  decodeInBasis,
  fitToBudget,
} from '../components/componentCoder';
import { type ComponentPayload, readComponents, sideInformationOf } from '../components/payload';
import { declareFamily } from '../families';
import type { OpenJpeg } from '../openjpeg/openJpeg';
import { share } from '../progress';
import type { CodedImage, CodedPayload, SampleCoder } from '../sampleCodec';
import type { CodecMeta, JobContext } from '../types';
import {
  codeBasis,
  cosines,
  type QuantisedBasis,
  quantiseBasis,
  restoreBasis,
} from './basisCoding';

const META: CodecMeta = {
  id: 'pca-jpeg2000',
  label: 'PCA + JPEG 2000',
  family: 'jpeg2000',
  description:
    'The principal components of the cube itself, coded by JPEG 2000, with as many of them as ' +
    'pay at the rate; mean and components are part of the file, rounded as coarsely as pays. ' +
    'Du and Fowler, “Hyperspectral Image Compression Using JPEG2000 and Principal Component ' +
    'Analysis”, 2007.',
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  rateRange: [0.05, 16],
  payload: { latents: 'Code stream', sideInformation: 'Side info: basis, lengths' },
};

/** Steps of the basis that are tried, in half octaves around the first guess. */
const STEP_OFFSETS = [-2, 0, 2] as const;
const MAX_STEP_CODE = 255;

/** The matrices of larger spectra fit into no memory. */
const MOST_BANDS = 4096;
/** Components squared times bands: what making them orthonormal takes, seconds at most. */
const MOST_WORK = 2 ** 28;

const FAMILY = declareFamily({
  number: 2,
  id: META.id,
  noMap:
    'Each principal component is one JPEG 2000 code stream over the whole image, so bytes belong to components but to no place in the image.',
  sideInformation: sideInformationOf,
  componentBytes: (payload, bands) =>
    readPayload(payload, bands).stored.components.map(({ packets }) => packets.length),
});

/** PCA of the cube itself + JPEG 2000; the basis is side information. */
export class PcaCoder implements SampleCoder {
  readonly meta = META;
  readonly family = FAMILY;

  constructor(private readonly openJpeg: () => Promise<OpenJpeg>) {}

  plan(info: CubeInfo) {
    return allBands(info);
  }

  bands(...[header, wavelengthsNm]: Parameters<SampleCoder['bands']>): NativeBands {
    if (header.bands > MOST_BANDS) {
      throw new HscError(
        'limit',
        `${header.bands} bands are more than this codec transforms (${MOST_BANDS}): leave some out, or use ` +
          'a codec without a spectral transform.',
      );
    }
    return ownBands(header, wavelengthsNm);
  }

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    budget: number,
    job: JobContext,
  ): Promise<CodedPayload> {
    const openJpeg = await this.openJpeg();
    const bands = image.bands.positionsNm.length;
    const pixels = image.width * image.height;
    job.onProgress?.(0, 'principal components');
    const { mean, covariance } = spectralStatistics(samples, bands);
    const count = Math.min(mostComponents(bands), componentsAt((8 * budget) / pixels));
    const { values, vectors } = leadingEigenvectors(covariance, count);
    const scaled = vectors.map((row, k) => row.map((v) => v * Math.sqrt(Math.max(0, values[k]))));
    const transform = cosines(bands);
    const guess = stepGuess(values, budget, pixels, bands);
    let best: CodedPayload | undefined;
    for (const [i, offset] of STEP_OFFSETS.entries()) {
      const part = share(job, i / STEP_OFFSETS.length, (i + 1) / STEP_OFFSETS.length);
      const stepCode = Math.max(0, Math.min(MAX_STEP_CODE, guess + offset));
      const quantised = quantiseBasis(mean, withoutLost(scaled, stepCode), stepCode, transform);
      const basis = restoreBasis(quantised, transform);
      const { known, ownBytes } = affordable(quantised, budget);
      const used = { mean: basis.mean, vectors: basis.vectors.slice(0, known) };
      const coded = await codeInBasis(openJpeg, samples, image, used, budget, part);
      const written = fitToBudget(
        coded,
        budget,
        (port, components) => codeBasis(port, bands, components, quantised),
        ownBytes,
      );
      if (!best || written.error < best.error) best = written;
    }
    if (!best) throw new HscError('bad-argument', 'No step of the basis was tried.');
    return best;
  }

  async decode(payload: Uint8Array, image: CodedImage) {
    const openJpeg = await this.openJpeg();
    const bands = image.bands.positionsNm.length;
    const { quantised, stored } = readPayload(payload, bands);
    return decodeInBasis(openJpeg, stored, image, restoreBasis(quantised, cosines(bands)));
  }
}

function mostComponents(bands: number): number {
  return Math.min(bands, Math.floor(Math.sqrt(MOST_WORK / bands)));
}

/** The cube's own basis and the components. Throws `bitstream` or `truncated`. */
function readPayload(
  payload: Uint8Array,
  bands: number,
): { readonly quantised: QuantisedBasis; readonly stored: ComponentPayload } {
  let quantised: QuantisedBasis | undefined;
  const stored = readComponents(payload, (port, components) => {
    if (components > mostComponents(bands)) {
      throw new HscError('bitstream', 'The .hsc file holds too many components: it is damaged.');
    }
    quantised = codeBasis(port, bands, components);
  });
  if (!quantised) throw new HscError('bitstream', 'The .hsc file holds no spectral basis.');
  return { quantised, stored };
}

/**
 * The step at which another bit of the basis saves as much as another bit of the components:
 * quantiser step over the root of the pixels that share the basis. The quantiser step comes from
 * reverse water-filling of the variances at the rate, as if pixels were independent.
 */
function stepGuess(values: Float64Array, budget: number, pixels: number, bands: number): number {
  const bits = (8 * budget) / pixels;
  let level = Math.max(values[0], 1e-12);
  const rateAt = (water: number) =>
    values.reduce((sum, value) => sum + Math.max(0, 0.5 * Math.log2(value / water)), 0);
  // Neighbouring pixels are alike: a tenth of the independent rate is what they take.
  while (rateAt(level) / 10 < bits && level > 1e-9) level /= 1.2;
  const step = Math.sqrt((12 * level) / pixels / Math.sqrt(bands));
  return Math.round(-2 * Math.log2(step));
}

/** Components whose spread is below the step would be rounded away. */
function withoutLost(scaled: Rows, stepCode: number): Rows {
  const least = 2 ** -stepCode;
  return scaled.filter((row) => row.reduce((sum, v) => sum + v * v, 0) > least);
}

/** How many components' vectors the budget could hold at all, and the bytes that they take. */
function affordable(quantised: QuantisedBasis, budget: number) {
  const port = new CountingPort();
  const ownBytes: number[] = [];
  const bands = quantised.mean.length;
  codeBasis(port, bands, quantised.components.length, quantised, () =>
    ownBytes.push(port.bits / 8),
  );
  const over = ownBytes.findIndex((bytes) => bytes > budget);
  const known = over === -1 ? quantised.components.length : Math.max(0, over - 1);
  return { known, ownBytes: ownBytes.slice(0, known + 1) };
}
