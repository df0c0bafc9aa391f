import type { FloatTensor, ParameterUnits } from './floatCodec';

/** The factor that `hyper_scale` is trained with: it gives scale indices / 8. */
export const INDEX_UNIT = 8;

type Axis = 'in' | 'out' | 'all';

/** Which parameters stand for others times their unit, or divided by it, along an axis. */
interface Scaled {
  readonly name: string;
  readonly axis: Axis;
  readonly unit: ArrayLike<number>;
  /** True where the trained kernel is the file's times the unit. */
  readonly times: boolean;
}

function scaledParameters({ symbol, plane, index }: ParameterUnits): readonly Scaled[] {
  const latents = { unit: symbol, times: false } as const;
  const indices = { axis: 'all', unit: [index], times: false } as const;
  return [
    { name: 'hyper_analysis.conv0.kernel', axis: 'in', unit: symbol, times: true },
    { name: 'hyper_mean.conv2.kernel', axis: 'out', ...latents },
    { name: 'hyper_mean.conv2.bias', axis: 'out', ...latents },
    { name: 'hyper_scale.conv2.kernel', ...indices },
    { name: 'hyper_scale.conv2.bias', ...indices },
    ...(plane
      ? [{ name: 'generator.detail_planes.kernel', axis: 'in', unit: plane, times: true } as const]
      : []),
  ];
}

/** Plain kernels as they are trained: units taken out of them, into {@link ParameterUnits}. */
export function unfolded(
  plain: ReadonlyMap<string, FloatTensor>,
  units: ParameterUnits,
): Map<string, FloatTensor> {
  return rescaled(plain, units, false);
}

/** The inverse of {@link unfolded}: the same function, plain kernels. */
export function folded(
  trained: ReadonlyMap<string, FloatTensor>,
  units: ParameterUnits,
): Map<string, FloatTensor> {
  return rescaled(trained, units, true);
}

function rescaled(
  parameters: ReadonlyMap<string, FloatTensor>,
  units: ParameterUnits,
  fold: boolean,
): Map<string, FloatTensor> {
  const result = new Map(parameters);
  for (const { name, axis, unit, times } of scaledParameters(units)) {
    const tensor = parameters.get(name);
    if (tensor) result.set(name, scaled(tensor, axis, unit, times !== fold));
  }
  return result;
}

/** A kernel [k, k, in, out] or bias [out] times or divided by the factors of an axis. */
function scaled(
  { shape, data }: FloatTensor,
  axis: Axis,
  unit: ArrayLike<number>,
  times: boolean,
): FloatTensor {
  const outputs = shape[shape.length - 1];
  const factorOf = (i: number) => {
    if (axis === 'all') return unit[0];
    return unit[axis === 'out' ? i % outputs : Math.floor(i / outputs) % unit.length];
  };
  const result = data.map((value, i) => (times ? value * factorOf(i) : value / factorOf(i)));
  return { shape, data: result };
}
