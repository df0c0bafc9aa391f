import { gridFor } from '../../core/cube/gridChoice';
import { type SpectralGrid, VNIR_128, VSWIR_200 } from '../../core/cube/grids';
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
import {
  type ComponentPayload,
  readComponents,
  type SideCoder,
  sideInformationOf,
} from '../components/payload';
import type { SpectralBasis } from '../components/transform';
import { declareFamily } from '../families';
import { once } from '../once';
import type { OpenJpeg } from '../openjpeg/openJpeg';
import type { CodedImage, SampleCoder } from '../sampleCodec';
import type { CodecMeta, EncodeOptions, JobContext } from '../types';
import { basisAt, parseBases, type TrainedBases } from './basis';

const BASIS_BITS = 8;

/** Grids that may have bases, and the number by which files name the first of a grid's. */
const GRIDS = [
  { grid: VNIR_128, first: 0 },
  { grid: VSWIR_200, first: 128 },
];

const META: Omit<CodecMeta, 'grids'> = {
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
  payload: { latents: 'Code stream', sideInformation: 'Side info: lengths' },
};

/** The bases of a grid that are installed. */
interface GridBases {
  readonly grid: SpectralGrid;
  readonly first: number;
  readonly load: () => Promise<TrainedBases>;
}

const FAMILY = declareFamily({
  number: 4,
  id: META.id,
  noMap:
    'Each spectral component is one JPEG 2000 code stream over the whole image, so bytes belong to components but to no place in the image.',
  sideInformation: sideInformationOf,
  componentBytes: (payload) =>
    readPayload(payload).stored.components.map(({ packets }) => packets.length),
});

/** KLT of a spectral grid + JPEG 2000; the basis is known to the decoder. */
export class KltCoder implements SampleCoder {
  readonly meta: CodecMeta;
  readonly family = FAMILY;

  /** `installed`: of one grid at least, the smallest first. */
  constructor(
    private readonly openJpeg: () => Promise<OpenJpeg>,
    private readonly installed: readonly GridBases[],
  ) {
    this.meta = { ...META, grids: installed.map(({ grid }) => grid.name) };
  }

  plan(info: CubeInfo, { bandPolicy, grid }: Pick<EncodeOptions, 'bandPolicy' | 'grid'>) {
    return planBands(gridFor(this.meta, info, grid), info, bandPolicy);
  }

  bands(
    header: Parameters<SampleCoder['bands']>[0],
    wavelengthsNm: readonly number[] | undefined,
  ): NativeBands {
    const onGrid = this.installed.find(
      ({ grid }) => header.mapping === 'grid' && grid.bands === header.bands,
    );
    const { grid } = onGrid ?? this.installed[0];
    const bands = nativeBands(grid, header, wavelengthsNm, undefined);
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
    const own = this.fitting(image);
    const [openJpeg, bases] = await Promise.all([this.openJpeg(), own.load()]);
    const whole = basisOf(bases, 0, own.grid, image);
    const count = componentsAt((8 * budget) / (image.width * image.height));
    const basis = { mean: whole.mean, vectors: whole.vectors.slice(0, count) };
    const coded = await codeInBasis(openJpeg, samples, image, basis, budget, job);
    const ownBytes = Array<number>(basis.vectors.length + 1).fill(BASIS_BITS / 8);
    return fitToBudget(coded, budget, basisNumber(own.first), ownBytes);
  }

  async decode(payload: Uint8Array, image: CodedImage) {
    const { number, stored } = readPayload(payload);
    const own = this.installed.findLast(({ first }) => first <= number);
    const [openJpeg, bases] = await Promise.all([this.openJpeg(), own?.load()]);
    if (!own || !bases || number - own.first >= bases.scaled.length) {
      throw new HscError(
        'model-missing',
        `The file was made with spectral basis ${number}, which is not installed here: open it ` +
          'with the version of the studio that wrote it.',
      );
    }
    const basis = basisOf(bases, number - own.first, own.grid, image);
    if (stored.components.length > basis.vectors.length) {
      throw new HscError('bitstream', 'The .hsc file holds too many components: it is damaged.');
    }
    return decodeInBasis(openJpeg, stored, image, basis);
  }

  private fitting({ bands }: CodedImage): GridBases {
    const grid = gridFor(this.meta, { wavelengthsNm: bands.positionsNm }, undefined);
    return this.installed.find((own) => own.grid === grid) ?? this.installed[0];
  }
}

/** Band centres as metadata hold them, in whole picometres: both sides must have the same. */
function basisOf(
  bases: TrainedBases,
  index: number,
  grid: SpectralGrid,
  { bands }: CodedImage,
): SpectralBasis {
  const positions = bands.positionsNm.map((nm) => Math.round(nm * 1000) / 1000);
  return basisAt(bases, index, grid, positions);
}

/** The number of the basis and the components. Throws `bitstream` or `truncated`. */
function readPayload(payload: Uint8Array): {
  readonly number: number;
  readonly stored: ComponentPayload;
} {
  let number = 0;
  const stored = readComponents(payload, (port) => {
    number = port.codeRaw(0, BASIS_BITS);
  });
  return { number, stored };
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
  const installed: GridBases[] = [];
  for (const { grid, first } of GRIDS) {
    if (!(await models.hasBases(grid.name))) continue;
    const load = once(async () => parseBases(await models.basesFile(grid.name), grid));
    installed.push({ grid, first, load });
  }
  return installed.length > 0 ? new KltCoder(openJpeg, installed) : undefined;
}
