import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findGrid, GRID_NAMES, type SpectralGrid } from '../core/cube/grids';
import {
  backendOption,
  list,
  metadataOption,
  OPEN_OPTIONS,
  type Options,
  rateOption,
  STUDIO_OPTIONS,
  weightsOption,
} from './arguments';
import { resolveInputs } from './inputs';
import { loadPerceptual } from './lpips';
import { type Studio, startStudio } from './studio';
import { cubeName, type SweepPlan } from './sweep';
import { UsageError } from './terminal';

/** Options of every command that measures codecs on cubes. */
export const SWEEP_OPTIONS = {
  ...STUDIO_OPTIONS,
  ...OPEN_OPTIONS,
  codec: { type: 'string' },
  rates: { type: 'string' },
  grid: { type: 'string' },
  anchor: { type: 'string' },
  metadata: { type: 'string', default: 'none' },
  csv: { type: 'string' },
  keep: { type: 'string' },
  lpips: { type: 'string' },
  'plain-rounding': { type: 'boolean', default: false },
  'perceptual-fit': { type: 'boolean', default: false },
  delta: { type: 'boolean', default: false },
} as const satisfies Options;

export const SWEEP_USAGE = `  --codec IDS     comma-separated; \`hsc codecs\` lists them (default all)
  --rates LIST    target rates in bits per pixel, e.g. 0.2,0.4,1 (default each codec's own); rates
                  that a codec does not serve are left out for it
  --grid NAME     resample every cube to this spectral grid first, vnir-128 or vswir-200, so that all
                  codecs are compared on the same samples
  --anchor ID     Bjøntegaard deltas of the other codecs against this one
  --csv FILE      all figures of all points as a table
  --lpips FILE    LPIPS of the true-colour and colour-infrared views too; FILE: weights of LPIPS with
                  SqueezeNet as .npz
  --plain-rounding  learned codecs round latents to the nearest integer, to see what fitting them
                  to the image is worth
  --perceptual-fit  codecs trained for looks choose symbols by what a perceptual network sees of the decoded
                  image too, in many times the time
  --delta         files carry what tuned --weights change of shipped ones, counted in their bytes
  --keep FOLDER   keep the files, named cube.codec.rate.hsc
  --metadata none|spectral|all   counted in the bytes (default none)`;

interface SweepValues {
  readonly backend?: string;
  readonly models?: string;
  readonly weights?: readonly string[];
  readonly variable?: string;
  readonly axes?: string;
  readonly codec?: string;
  readonly rates?: string;
  readonly grid?: string;
  readonly anchor?: string;
  readonly metadata: string;
  readonly keep?: string;
  readonly csv?: string;
  readonly lpips?: string;
  readonly 'plain-rounding'?: boolean;
  readonly 'perceptual-fit'?: boolean;
  readonly delta?: boolean;
  /** Of `report`. */
  readonly output?: string;
}

function gridOption(name: string | undefined): SpectralGrid | undefined {
  if (name === undefined) return undefined;
  const grid = findGrid(name);
  if (grid) return grid;
  throw new UsageError(`There is no spectral grid ${name}: there are ${GRID_NAMES.join(', ')}.`);
}

function refuseNamesakes(inputs: readonly string[]): void {
  const names = inputs.map(cubeName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw new UsageError(`Two cubes are called ${twice}: measure them apart.`);
}

/** What the options ask for, on a started studio. Throws `UsageError`. */
export async function planSweep(
  values: SweepValues,
  cubes: readonly string[],
): Promise<{ readonly plan: SweepPlan; readonly studio: Studio }> {
  if (cubes.length === 0) throw new UsageError('Name the cubes to measure.');
  const rates = values.rates === undefined ? undefined : list(values.rates).map(rateOption);
  const metadata = metadataOption(values.metadata);
  const grid = gridOption(values.grid);
  const backend = backendOption(values.backend);
  const inputs = await resolveInputs(cubes);
  refuseNamesakes(inputs);
  const studio = await startStudio({ ...values, backend });
  const codecs = values.codec ? list(values.codec).map((id) => studio.codec(id)) : studio.codecs;
  if (values.anchor && !codecs.some(({ meta }) => meta.id === values.anchor)) {
    throw new UsageError(`The anchor ${values.anchor} is not among the codecs that are measured.`);
  }
  // A sweep takes long: what is written at its end must not fail for want of a folder.
  const written = [values.csv, values.output].filter((path) => path !== undefined);
  for (const path of written) await mkdir(dirname(path), { recursive: true });
  const plan = {
    inputs,
    open: { candidate: values.variable, axes: values.axes },
    codecs,
    rates,
    grid,
    metadata,
    backend: studio.backend.name,
    keep: values.keep,
    plainRounding: values['plain-rounding'],
    perceptualFit: values['perceptual-fit'],
    weights: weightsOption(values.delta),
    perceptual: values.lpips === undefined ? undefined : await loadPerceptual(values.lpips),
  };
  return { plan, studio };
}
