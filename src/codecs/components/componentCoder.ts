import type { OpenJpeg } from '../openjpeg/openJpeg';
import { share } from '../progress';
import type { CodedImage, CodedPayload, DecodedSamples } from '../sampleCodec';
import type { JobContext } from '../types';
import { allocate } from './allocation';
import {
  type ComponentPayload,
  type SideCoder,
  type StoredComponent,
  writeComponents,
} from './payload';
import { type CodedComponent, codeComponent, decodeStream, dequantise } from './streams';
import { analyse, energy, type SpectralBasis, synthesise } from './transform';

/** All components of an image, each coded at many rates. */
export interface CodedInBasis {
  readonly stepCode: number;
  readonly components: readonly CodedComponent[];
  /** Squared error of what the basis cannot express. */
  readonly outside: number;
}

/** Bytes of side information that a component takes, about. */
const COMPONENT_BYTES = 2.6;
const HEAD_BYTES = 3;
const LARGEST_SYMBOL = 32000;
const MAX_STEP_CODE = 60;

/**
 * Components that are worth coding at a rate in bpp: measured on training cubes, where twice as
 * many changed nothing.
 */
export function componentsAt(bpp: number): number {
  return Math.ceil(24 + 8 * bpp);
}

/** Step of the integers: far finer than the rate's quantiser, which bit planes set. */
function stepCodeFor(planes: readonly Float32Array[], bpp: number): number {
  let largest = 0;
  for (const plane of planes) {
    for (const value of plane) largest = Math.max(largest, Math.abs(value));
  }
  const wanted = Math.floor(11 + bpp);
  const possible = Math.floor(-2 * Math.log2(Math.max(largest, 1e-6) / LARGEST_SYMBOL));
  return Math.max(0, Math.min(wanted, possible, MAX_STEP_CODE));
}

export function stepOf(stepCode: number): number {
  return 2 ** (-stepCode / 2);
}

/** Codes an image's components at many rates up to `budget` bytes each. Throws `aborted`. */
export async function codeInBasis(
  openJpeg: OpenJpeg,
  samples: Float32Array,
  image: CodedImage,
  basis: SpectralBasis,
  budget: number,
  job: JobContext,
): Promise<CodedInBasis> {
  const pixels = image.width * image.height;
  const planes = analyse(samples, basis);
  const stepCode = stepCodeFor(planes, (8 * budget) / pixels);
  const components: CodedComponent[] = [];
  for (const [k, plane] of planes.entries()) {
    const part = share(job, k / planes.length, (k + 1) / planes.length);
    part.onProgress?.(0, `JPEG 2000, component ${k + 1} of ${planes.length}`);
    const bounds = { bytes: budget, gain: gainAt(components, budget) };
    components.push(await codeComponent(openJpeg, plane, image, stepOf(stepCode), bounds, part));
  }
  const inside = unknown(components);
  return { stepCode, components, outside: Math.max(0, energy(samples, basis.mean) - inside) };
}

/** Squared error that the last tenth of a budget's bytes saves, each. */
function gainAt(components: readonly CodedComponent[], budget: number): number {
  const free = components.map(() => 0).concat(0);
  const at = (bytes: number) => allocate(components, bytes, free).error;
  return budget > 0 ? Math.max(0, at(0.9 * budget) - at(budget)) / (0.1 * budget) : 0;
}

const ATTEMPTS = 4;

/**
 * The payload of least error within `budget` bytes. `own` codes what a family adds, which takes
 * `ownBytes[k]` for k components. A budget below what nothing takes is exceeded.
 */
export function fitToBudget(
  { stepCode, components, outside }: CodedInBasis,
  budget: number,
  own: SideCoder,
  ownBytes: readonly number[],
): CodedPayload & { readonly error: number } {
  const overhead = ownBytes.map((bytes, k) => HEAD_BYTES + bytes + COMPONENT_BYTES * k);
  let best: (CodedPayload & { readonly error: number }) | undefined;
  let allowed = budget;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { picks, error } = allocate(components, allowed, overhead);
    const stored = picks.map(
      (pick, k): StoredComponent => ({ ...pick, offset: components[k].offset }),
    );
    const written = writeComponents({ stepCode, components: stored }, own);
    const spare = budget - written.payload.length;
    const fits = spare >= 0 || picks.length === 0;
    if (fits && !(best && best.error <= error + outside))
      best = { ...written, error: error + outside };
    if (spare === 0 || (spare < 0 && allowed <= 0)) break;
    allowed += spare;
  }
  return (
    best ?? {
      ...writeComponents({ stepCode, components: [] }, own),
      error: unknown(components) + outside,
    }
  );
}

/** The image of a payload's components in their basis. Throws `bitstream`. */
export function decodeInBasis(
  openJpeg: OpenJpeg,
  { stepCode, components }: ComponentPayload,
  image: CodedImage,
  basis: SpectralBasis,
): DecodedSamples {
  const step = stepOf(stepCode);
  const symbols = components.map((stored) => decodeStream(openJpeg, stored, image));
  const planes = symbols.map((plane, k) =>
    dequantise(plane, { step, offset: components[k].offset }),
  );
  return { samples: synthesise(planes, basis, image.width * image.height), symbols };
}

function unknown(components: readonly CodedComponent[]): number {
  return components.reduce((sum, { unknownError }) => sum + unknownError, 0);
}
