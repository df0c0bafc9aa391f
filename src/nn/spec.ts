import * as v from 'valibot';
import { HscError, messageOf } from '../core/errors';

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8192));
const oddKernel = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(15),
  v.check((k) => k % 2 === 1, 'kernels are odd'),
);
const finite = v.pipe(v.number(), v.finite());

/** Where squeeze-and-excitation blocks stand and by how much they reduce channels (paper: 2). */
export const SqueezeExcitationSchema = v.object({
  placements: v.array(v.picklist(['input', 'encoder', 'generator'])),
  reduction: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
});

/**
 * 3-D convolutions over the spectrum; `ends`: the first of E and the last of G only; `all`: every one of
 * both, each of as many filters as make about the width of the spec at the depth that the first leaves.
 */
export const Conv3dSchema = v.pipe(
  v.object({
    placement: v.picklist(['ends', 'all']),
    filters: count,
    kernel: oddKernel,
    stride: count,
  }),
  v.check((c) => c.stride <= c.kernel, 'the spectral stride must not skip bands'),
);

/**
 * Linear bypass: bands → spectral components (1×1), then `counts[k]` block×block kernels of stride
 * block for component k, each of which gives one latent.
 */
export const BypassSchema = v.pipe(
  v.object({
    counts: v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8192))),
      v.maxLength(8192),
    ),
    block: v.literal(16),
  }),
  v.check((bypass) => bypassLatents(bypass) > 0, 'the bypass gives at least one latent'),
);

/** Autoregressive model of the latents: channel slices, width of the context and of a slice. */
export const ContextSchema = v.object({ slices: count, width: count, sliceWidth: count });

/** Spectral frame of an image: components that it rotates, most rows that a file holds of it. */
export const FrameSchema = v.pipe(
  v.object({
    components: count,
    // Files store the number of rows in four bits.
    rows: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(15)),
  }),
  v.check((f) => f.rows <= f.components, 'a frame has no more rows than components'),
);

const deviation = v.pipe(finite, v.gtValue(0));

/**
 * Standardisation of samples in 0..1, (sample − mean) / std, one std for all bands or one for each: the
 * smaller a band's, the more its errors count.
 */
export const InputSchema = v.object({
  mean: finite,
  std: v.union([deviation, v.pipe(v.array(deviation), v.minLength(1))]),
});

/**
 * One description of a network, in JSON and shared with the PyTorch training code
 * (`training/hsc_training/spec.py`). `widths` are w0…w4 of the encoder, mirrored in the generator.
 */
export const ArchitectureSpecSchema = v.pipe(
  v.object({
    name: v.picklist(['hific-opt', 'hific-se', 'hific-3d']),
    preset: v.string(),
    grid: v.string(),
    bands: count,
    widths: v.tuple([count, count, count, count, count]),
    firstKernel: oddKernel,
    lastKernel: oddKernel,
    latentChannels: count,
    residualBlocks: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
    hyperFilters: count,
    se: v.nullable(SqueezeExcitationSchema),
    conv3d: v.nullable(Conv3dSchema),
    bypass: v.nullable(BypassSchema),
    context: ContextSchema,
    frame: v.nullable(FrameSchema),
    targetRates: v.pipe(
      v.array(v.pipe(finite, v.gtValue(0))),
      v.minLength(1),
      v.maxLength(5),
      v.check((rates) => rates.every((r, i) => i === 0 || r > rates[i - 1]), 'rates ascend'),
    ),
    /**
     * Lagrange multipliers of the training, one a target rate: squared error a pixel (standardised
     * units, summed over bands) that a bit per pixel is worth.
     */
    lambdas: v.pipe(
      v.array(v.pipe(finite, v.gtValue(0))),
      v.check((all) => all.every((l, i) => i === 0 || l < all[i - 1]), 'multipliers descend'),
    ),
    input: InputSchema,
  }),
  v.check(
    (s) => typeof s.input.std === 'number' || s.input.std.length === s.bands,
    'one standard deviation for each band',
  ),
  v.check((s) => !s.conv3d || s.conv3d.stride <= s.bands, 'the spectral stride fits the bands'),
  v.check(
    (s) => s.conv3d?.placement !== 'all' || s.bypass === null,
    '3-D convolutions everywhere go without a bypass',
  ),
  v.check(
    (s) =>
      s.conv3d?.placement !== 'all' ||
      s.latentChannels % Math.floor(s.bands / s.conv3d.stride) === 0,
    '3-D convolutions everywhere give as many latents at every depth',
  ),
  v.check(
    (s) => !s.bypass || bypassLatents(s.bypass) <= s.latentChannels,
    'the bypass fits the latents',
  ),
  v.check((s) => s.context.slices <= s.latentChannels, 'every slice has a latent'),
  v.check((s) => !s.frame || s.frame.components <= s.bands, 'the frame fits the bands'),
  v.check((s) => s.lambdas.length === s.targetRates.length, 'one multiplier for each target rate'),
);

export type ArchitectureSpec = v.InferOutput<typeof ArchitectureSpecSchema>;
export type Variant = ArchitectureSpec['name'];
export type PresetName = 'studio' | 'paper' | 'tiny';

export const VARIANTS: readonly Variant[] = ['hific-opt', 'hific-se', 'hific-3d'];

/** The std of every band. */
export function deviations({ bands, input }: Pick<ArchitectureSpec, 'bands' | 'input'>): number[] {
  return typeof input.std === 'number' ? new Array<number>(bands).fill(input.std) : input.std;
}

/**
 * Squared error in 0..1 that a squared error of one in standardised units stands for; where bands have
 * a std of their own, of errors weighted by its inverse, weights of which the mean square is 1.
 */
export function inputVariance({ std }: ArchitectureSpec['input']): number {
  if (typeof std === 'number') return std ** 2;
  return std.length / std.reduce((sum, own) => sum + own ** -2, 0);
}

/** Latents that the linear bypass gives, the first of all. */
export function bypassLatents({ counts }: { readonly counts: readonly number[] }): number {
  return counts.reduce((sum, own) => sum + own, 0);
}

/** Latents per pixel along each axis: four stride-2 convolutions. */
export const DOWNSAMPLING = 16;

/** Parses and checks a spec; throws `bad-file` saying which field is wrong. */
export function parseSpec(json: string): ArchitectureSpec {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new HscError('bad-file', `The network description is not JSON: ${messageOf(cause)}.`, {
      cause,
    });
  }
  const parsed = v.safeParse(ArchitectureSpecSchema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? 'the whole';
  throw new HscError('bad-file', `The network description is wrong at ${where}: ${issue.message}.`);
}

const COMMON = {
  se: null,
  conv3d: null,
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  lambdas: [120, 24, 4.8, 1, 0.2],
  input: { mean: 0.25, std: 0.2 },
};

/** Latents of each spectral component, by their energy over training images. */
const STUDIO_COUNTS = [
  200, 92, 28, 12, 8, 12, 6, 4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0,
];

const PRESETS: Record<PresetName, Omit<ArchitectureSpec, 'name'>> = {
  studio: {
    ...COMMON,
    preset: 'studio',
    grid: 'vnir-128',
    bands: 128,
    widths: [48, 64, 96, 128, 144],
    firstKernel: 3,
    lastKernel: 3,
    latentChannels: 384,
    residualBlocks: 3,
    hyperFilters: 64,
    bypass: { counts: STUDIO_COUNTS, block: 16 },
    context: { slices: 8, width: 128, sliceWidth: 40 },
    frame: { components: 32, rows: 8 },
  },
  // Byju et al., Figure 1 and Section III: 369 bands, HiFiC's own widths.
  paper: {
    ...COMMON,
    preset: 'paper',
    grid: 'vnir-369',
    bands: 369,
    widths: [60, 120, 240, 480, 960],
    firstKernel: 7,
    lastKernel: 7,
    latentChannels: 220,
    residualBlocks: 9,
    hyperFilters: 320,
    bypass: null,
    context: { slices: 1, width: 8, sliceWidth: 8 },
    frame: null,
  },
  tiny: {
    ...COMMON,
    preset: 'tiny',
    grid: 'tiny-16',
    bands: 16,
    widths: [8, 8, 12, 12, 16],
    firstKernel: 3,
    lastKernel: 3,
    latentChannels: 12,
    residualBlocks: 1,
    hyperFilters: 8,
    bypass: { counts: [3, 2, 1, 0], block: 16 },
    context: { slices: 3, width: 8, sliceWidth: 4 },
    frame: { components: 6, rows: 3 },
  },
};

/** The spec of a variant in a preset: `studio` ships, `paper` is the publication, `tiny` tests. */
export function presetSpec(preset: PresetName, name: Variant): ArchitectureSpec {
  const base = PRESETS[preset];
  if (name === 'hific-se') {
    const se = { placements: ['input', 'encoder', 'generator'] as const, reduction: 2 };
    return { ...base, name, se: { ...se, placements: [...se.placements] } };
  }
  if (name === 'hific-3d') {
    const filters = preset === 'tiny' ? 2 : 3;
    return { ...base, name, conv3d: { placement: 'ends', filters, kernel: 7, stride: 4 } };
  }
  return { ...base, name };
}
