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

/** 3-D convolutions over the spectrum; `ends`: the first of E and the last of G only. */
export const Conv3dSchema = v.pipe(
  v.object({
    placement: v.picklist(['ends', 'all']),
    filters: count,
    kernel: oddKernel,
    stride: count,
  }),
  v.check((c) => c.stride <= c.kernel, 'the spectral stride must not skip bands'),
);

/** Linear bypass: bands → components (1×1), then block×block, stride block → latents. */
export const BypassSchema = v.object({
  components: count,
  latents: count,
  block: v.literal(16),
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
    targetRates: v.pipe(
      v.array(v.pipe(finite, v.gtValue(0))),
      v.minLength(1),
      v.maxLength(5),
      v.check((rates) => rates.every((r, i) => i === 0 || r > rates[i - 1]), 'rates ascend'),
    ),
    input: v.object({ mean: finite, std: v.pipe(finite, v.gtValue(0)) }),
  }),
  v.check((s) => !s.conv3d || s.conv3d.stride <= s.bands, 'the spectral stride fits the bands'),
  v.check((s) => !s.bypass || s.bypass.latents <= s.latentChannels, 'the bypass fits the latents'),
);

export type ArchitectureSpec = v.InferOutput<typeof ArchitectureSpecSchema>;
export type Variant = ArchitectureSpec['name'];
export type PresetName = 'studio' | 'paper' | 'tiny';

export const VARIANTS: readonly Variant[] = ['hific-opt', 'hific-se', 'hific-3d'];

/** Latents per pixel along each axis: four stride-2 convolutions. */
export const DOWNSAMPLING = 16;

/** Parses and checks a spec; throws `bad-file` saying which field is wrong. */
export function parseSpec(json: string): ArchitectureSpec {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new HscError('bad-file', `The network description is not JSON: ${messageOf(cause)}`, {
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
  input: { mean: 0.25, std: 0.2 },
};

const PRESETS: Record<PresetName, Omit<ArchitectureSpec, 'name'>> = {
  studio: {
    ...COMMON,
    preset: 'studio',
    grid: 'vnir-128',
    bands: 128,
    widths: [48, 64, 96, 128, 144],
    firstKernel: 3,
    lastKernel: 3,
    latentChannels: 192,
    residualBlocks: 4,
    hyperFilters: 64,
    bypass: { components: 16, latents: 192, block: 16 },
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
    bypass: { components: 4, latents: 6, block: 16 },
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
