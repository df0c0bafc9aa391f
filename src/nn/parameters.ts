import { type ArchitectureSpec, bypassLatents } from './spec';
import { INNER_TAPS, isVolumetric, spectralWindows } from './spectral';

/** Shapes of named parameters, in the layout of the weights file. */
export type ParameterShapes = ReadonlyMap<string, readonly number[]>;

type Shape = readonly number[];

/** Channels after E's first and before G's last convolution. */
export function firstWidth({ conv3d, bands, widths }: ArchitectureSpec): number {
  return conv3d ? spectralWindows(bands, conv3d) * conv3d.filters : widths[0];
}

/** Channels after each of E's convolutions, and before each of G's steps up in reverse. */
function stackWidths(spec: ArchitectureSpec): readonly number[] {
  const { conv3d, bands, widths } = spec;
  const inner = widths.slice(1);
  if (!conv3d || !isVolumetric(spec)) return [firstWidth(spec), ...inner];
  const depth = spectralWindows(bands, conv3d);
  return [
    firstWidth(spec),
    ...inner.map((width) => depth * Math.max(1, Math.round(width / depth))),
  ];
}

/** Of G's four steps up, that after which the linear synthesis joins in: at half the image's size. */
export const DETAIL_STAGE = 2;

class Shapes {
  readonly all = new Map<string, Shape>();

  /** Kernel [k, k, in, out] (transposed: [k, k, out, in]) and one bias for each output. */
  conv(name: string, kernel: number, inputs: number, outputs: number, transposed = false): void {
    const channels = transposed ? [outputs, inputs] : [inputs, outputs];
    this.all.set(`${name}.kernel`, [kernel, kernel, ...channels]);
    this.all.set(`${name}.bias`, [outputs]);
  }

  /** Like {@link conv}, of E's or G's stack: over the spectrum too where all of them are. */
  stack(spec: ArchitectureSpec) {
    const { conv3d, bands } = spec;
    const depth = conv3d && isVolumetric(spec) ? spectralWindows(bands, conv3d) : undefined;
    return (name: string, inputs: number, outputs: number, transposed = false): void => {
      if (depth === undefined) this.conv(name, 3, inputs, outputs, transposed);
      else this.conv(name, 3, (INNER_TAPS * inputs) / depth, outputs / depth);
    };
  }

  norm(name: string, channels: number): void {
    this.all.set(`${name}.gain`, [channels]);
    this.all.set(`${name}.bias`, [channels]);
  }

  se(spec: ArchitectureSpec, placement: 'input' | 'encoder' | 'generator') {
    return (name: string, channels: number): void => {
      if (!spec.se?.placements.includes(placement)) return;
      const squeezed = Math.ceil(channels / spec.se.reduction);
      this.all.set(`${name}.fc1.kernel`, [channels, squeezed]);
      this.all.set(`${name}.fc1.bias`, [squeezed]);
      this.all.set(`${name}.fc2.kernel`, [squeezed, channels]);
      this.all.set(`${name}.fc2.bias`, [channels]);
    };
  }
}

function encoderShapes(spec: ArchitectureSpec): ParameterShapes {
  const shapes = new Shapes();
  const { bands, firstKernel: k, conv3d } = spec;
  const widths = stackWidths(spec);
  const stack = shapes.stack(spec);
  shapes.se(spec, 'input')('encoder.se_input', bands);
  widths.forEach((width, i) => {
    if (i > 0) stack(`encoder.conv${i}`, widths[i - 1], width);
    else if (conv3d) shapes.conv('encoder.conv0', k, conv3d.kernel, conv3d.filters);
    else shapes.conv('encoder.conv0', k, bands, width);
    shapes.norm(`encoder.norm${i}`, width);
    shapes.se(spec, 'encoder')(`encoder.se${i}`, width);
  });
  stack('encoder.out', widths[4], spec.latentChannels);
  return shapes.all;
}

function generatorShapes(spec: ArchitectureSpec): ParameterShapes {
  const shapes = new Shapes();
  const se = shapes.se(spec, 'generator');
  const widths = stackWidths(spec);
  const stack = shapes.stack(spec);
  const [latents, deep] = [spec.latentChannels, widths[4]];
  // Beside a bypass, G sees the rate as one more plane, corrects the bypass' latents, and sees what
  // the linear synthesis makes of them.
  if (spec.bypass) {
    const fine = widths[3 - DETAIL_STAGE];
    shapes.conv('generator.correction', 1, deep, bypassLatents(spec.bypass));
    shapes.conv('generator.detail_planes', 5, spec.bypass.counts.length, fine);
    shapes.conv('generator.detail_features', 3, fine, fine);
    se('generator.detail_se', fine);
    shapes.conv('generator.detail_out', 3, fine, fine);
  }
  shapes.norm('generator.norm_in', latents);
  se('generator.se_in', latents);
  stack('generator.conv_in', latents + (spec.bypass ? 1 : 0), deep);
  shapes.norm('generator.norm_in2', deep);
  se('generator.se_in2', deep);
  for (let block = 0; block < spec.residualBlocks; block++) {
    for (const half of [1, 2]) {
      stack(`generator.block${block}.conv${half}`, deep, deep);
      shapes.norm(`generator.block${block}.norm${half}`, deep);
      se(`generator.block${block}.se${half}`, deep);
    }
  }
  for (let stage = 0; stage < 4; stage++) {
    const width = widths[3 - stage];
    stack(`generator.up${stage}`, widths[4 - stage], width, true);
    shapes.norm(`generator.upnorm${stage}`, width);
    se(`generator.upse${stage}`, width);
  }
  const { conv3d, lastKernel: k, bands } = spec;
  if (conv3d) {
    shapes.all.set('generator.out.kernel', [k, k, conv3d.kernel, conv3d.filters]);
    shapes.all.set('generator.out.bias', [bands]);
  } else shapes.conv('generator.out', k, widths[0], bands);
  return shapes.all;
}

function hyperAnalysisShapes({ latentChannels, hyperFilters: f }: ArchitectureSpec) {
  const shapes = new Shapes();
  shapes.conv('hyper_analysis.conv0', 3, latentChannels, f);
  shapes.conv('hyper_analysis.conv1', 5, f, f);
  shapes.conv('hyper_analysis.conv2', 5, f, f);
  return shapes.all;
}

function hyperSynthesisShapes({ latentChannels, hyperFilters: f }: ArchitectureSpec) {
  const shapes = new Shapes();
  for (const head of ['hyper_mean', 'hyper_scale']) {
    shapes.conv(`${head}.conv0`, 5, f, f, true);
    shapes.conv(`${head}.conv1`, 5, f, f, true);
    shapes.conv(`${head}.conv2`, 3, f, latentChannels);
  }
  return shapes.all;
}

/** The integer layers of the context model; fully connected, [inputs, outputs]. */
function contextShapes({ context, latentChannels: c }: ArchitectureSpec): ParameterShapes {
  const { slices, width, sliceWidth } = context;
  const layers: readonly (readonly [string, number, number])[] = [
    ['in', 10 * c + 1, width],
    ['hidden', width + 2 * c, slices * sliceWidth],
    ['out', sliceWidth, 2 * c],
  ];
  return new Map(
    layers.flatMap(([name, inputs, outputs]): [string, Shape][] => [
      [`context.${name}.weight`, [inputs, outputs]],
      [`context.${name}.bias`, [outputs]],
    ]),
  );
}

function bypassShapes({ bypass, bands }: ArchitectureSpec): ParameterShapes {
  const shapes = new Shapes();
  if (!bypass) return shapes.all;
  const { counts, block } = bypass;
  const kernels = [block, block, bypassLatents(bypass)];
  shapes.conv('bypass.analysis.klt', 1, bands, counts.length);
  shapes.all.set('bypass.analysis.kernel', kernels);
  shapes.all.set('bypass.synthesis.kernel', kernels);
  shapes.conv('bypass.synthesis.klt', 1, counts.length, bands);
  return shapes.all;
}

/** D's parameters; the paper's widths by default. */
export function discriminatorShapes(
  { bands, latentChannels }: ArchitectureSpec,
  widths: readonly number[] = [64, 128, 256, 512],
): ParameterShapes {
  const shapes = new Shapes();
  const condition = 12;
  const channels = [bands + condition, ...widths, 1];
  shapes.conv('discriminator.condition', 3, latentChannels, condition);
  for (let i = 0; i < 5; i++) {
    shapes.conv(`discriminator.conv${i}`, 4, channels[i], channels[i + 1]);
  }
  return shapes.all;
}

/** Parameters by part; E, G, P (hyperprior) and D are the paper's letters. */
export interface NetworkShapes {
  readonly encoder: ParameterShapes;
  readonly generator: ParameterShapes;
  readonly bypass: ParameterShapes;
  readonly hyperAnalysis: ParameterShapes;
  /** Both heads, named as float kernels; model files hold them as integers. */
  readonly hyperSynthesis: ParameterShapes;
  /** The context model of the latents; integers in model files. */
  readonly context: ParameterShapes;
  readonly rateGains: ParameterShapes;
  readonly discriminator: ParameterShapes;
}

/** Names and shapes of every parameter of a network, without building any of it. */
export function networkShapes(spec: ArchitectureSpec): NetworkShapes {
  return {
    encoder: encoderShapes(spec),
    generator: generatorShapes(spec),
    bypass: bypassShapes(spec),
    hyperAnalysis: hyperAnalysisShapes(spec),
    hyperSynthesis: hyperSynthesisShapes(spec),
    context: contextShapes(spec),
    rateGains: new Map([['log_gains', [spec.targetRates.length, spec.latentChannels]]]),
    discriminator: discriminatorShapes(spec),
  };
}

/** The float tensors that a model file must hold, and no others. */
export function inferenceShapes(spec: ArchitectureSpec): ParameterShapes {
  const { encoder, generator, bypass, hyperAnalysis, rateGains } = networkShapes(spec);
  return new Map([...encoder, ...generator, ...bypass, ...hyperAnalysis, ...rateGains]);
}

export function elementCount(shapes: ParameterShapes): number {
  let total = 0;
  for (const shape of shapes.values()) total += shape.reduce((a, b) => a * b, 1);
  return total;
}

/** Parameters of the paper's four parts, and of the two that this project adds. */
export function parameterCounts(spec: ArchitectureSpec) {
  const shapes = networkShapes(spec);
  return {
    encoder: elementCount(shapes.encoder),
    generator: elementCount(shapes.generator),
    hyperprior: elementCount(shapes.hyperAnalysis) + elementCount(shapes.hyperSynthesis),
    discriminator: elementCount(shapes.discriminator),
    bypass: elementCount(shapes.bypass),
    context: elementCount(shapes.context),
  };
}
