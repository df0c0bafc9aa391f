import { VNIR_128 } from '../../core/cube/grids';
import type { CubeInfo } from '../../core/cube/types';
import { HscError } from '../../core/errors';
import type { ModelStore } from '../../nn/models';
import { type NativeBands, nativeBands, planBands } from '../bands';
import {
  codeInBasis,
  componentsAt,
  decodeInBasis,
  fitToBudget,
} from '../components/componentCoder';
import { readComponents, type SideCoder } from '../components/payload';
import type { SpectralBasis } from '../components/transform';
import { once } from '../once';
import type { OpenJpeg } from '../openjpeg/openJpeg';
import type { CodedImage, SampleCoder } from '../sampleCodec';
import type { CodecMeta, EncodeOptions, JobContext } from '../types';
import { basisAt, parseBases, type TrainedBases } from './basis';

const BASIS_BITS = 8;

const META: CodecMeta = {
  id: 'klt-jpeg2000',
  label: 'KLT + JPEG 2000',
  family: 'jpeg2000',
  description:
    'A fixed Karhunen–Loève transform along the spectrum, learned from many scenes and shipped, ' +
    'so that it costs no bytes; its components are coded by JPEG 2000, the rate shared out ' +
    'between them by their errors. After Du and Fowler, “Hyperspectral Image Compression Using ' +
    'JPEG2000 and Principal Component Analysis”, 2007.',
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  rateRange: [0.05, 16],
  grid: VNIR_128.name,
};

/** KLT of a spectral grid + JPEG 2000; the basis is known to the decoder. */
export class KltCoder implements SampleCoder {
  readonly meta = META;
  readonly family = 'klt-jpeg2000';
  private readonly grid = VNIR_128;

  constructor(
    private readonly openJpeg: () => Promise<OpenJpeg>,
    private readonly bases: () => Promise<TrainedBases>,
  ) {}

  plan(info: CubeInfo, policy: EncodeOptions['bandPolicy']) {
    return planBands(this.grid, info, policy);
  }

  bands(
    header: Parameters<SampleCoder['bands']>[0],
    wavelengthsNm: readonly number[] | undefined,
  ): NativeBands {
    const bands = nativeBands(this.grid, header, wavelengthsNm, undefined);
    if (bands.substituted) {
      throw new HscError(
        'choice-needed',
        'The file does not carry its band centres, without which this codec cannot decode: ' +
          'encode again with the spectral metadata.',
      );
    }
    return bands;
  }

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    budget: number,
    job: JobContext,
  ) {
    const [openJpeg, bases] = await Promise.all([this.openJpeg(), this.bases()]);
    const whole = this.basisOf(bases, 0, image);
    const count = componentsAt((8 * budget) / (image.width * image.height));
    const basis = { mean: whole.mean, vectors: whole.vectors.slice(0, count) };
    const coded = await codeInBasis(openJpeg, samples, image, basis, budget, job);
    const ownBytes = Array<number>(basis.vectors.length + 1).fill(BASIS_BITS / 8);
    return fitToBudget(coded, budget, basisNumber(0), ownBytes);
  }

  async decode(payload: Uint8Array, image: CodedImage) {
    const [openJpeg, bases] = await Promise.all([this.openJpeg(), this.bases()]);
    let index = 0;
    const stored = readComponents(payload, (port) => {
      index = port.codeRaw(0, BASIS_BITS);
    });
    if (index >= bases.scaled.length) {
      throw new HscError(
        'model-missing',
        `The file was made with spectral basis ${index}, which is not installed here: open it ` +
          'with the version of the studio that wrote it.',
      );
    }
    const basis = this.basisOf(bases, index, image);
    if (stored.components.length > basis.vectors.length) {
      throw new HscError('bitstream', 'The .hsc file holds too many components: it is damaged.');
    }
    return decodeInBasis(openJpeg, stored, image, basis);
  }

  /** Band centres as metadata hold them, in whole picometres: both sides must have the same. */
  private basisOf(bases: TrainedBases, index: number, { bands }: CodedImage): SpectralBasis {
    const positions = bands.positionsNm.map((nm) => Math.round(nm * 1000) / 1000);
    return basisAt(bases, index, this.grid, positions);
  }
}

function basisNumber(index: number): SideCoder {
  return (port) => {
    port.codeRaw(index, BASIS_BITS);
  };
}

/** The codec, where the bases are installed. */
export async function createKltCoder(
  openJpeg: () => Promise<OpenJpeg>,
  models: ModelStore,
): Promise<KltCoder | undefined> {
  if (!(await models.hasBases(VNIR_128.name))) return undefined;
  const load = async () => parseBases(await models.basesFile(VNIR_128.name), VNIR_128);
  return new KltCoder(openJpeg, once(load));
}
