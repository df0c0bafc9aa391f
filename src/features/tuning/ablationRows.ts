import { type CsvCell, csvTable } from '../../core/csv';
import type { Placement } from '../../engine/tuningTypes';
import { type Ablation, stepsPerSecond } from '../../state/ablation';
import { type ChartAxis, linearDomain } from '../../ui/chartLayout';
import { fixed } from '../../ui/format';
import type { TrainingCurve } from './curves';
import { PLACEMENT_WORDS } from './placements';

/** A line of the table: what a placement's networks reached, as far as it is known. */
export interface AblationRow {
  readonly placement: Placement;
  readonly parameters: number | undefined;
  readonly stepsPerSecond: number | undefined;
  readonly psnr: number | undefined;
  readonly bpp: number | undefined;
}

export function ablationRows({ request, lanes, facts }: Ablation): readonly AblationRow[] {
  return request.settings.placements.map((placement) => {
    const lane = lanes[placement];
    const check = lane?.checks.at(-1);
    return {
      placement,
      parameters: facts?.parameters[placement],
      stepsPerSecond: lane && stepsPerSecond(lane),
      psnr: check?.psnr,
      bpp: check?.bpp,
    };
  });
}

/** The placement whose figure is highest; none before all have one. */
export function highest(
  rows: readonly AblationRow[],
  figure: 'psnr' | 'stepsPerSecond',
): Placement | undefined {
  if (rows.length < 2 || rows.some((row) => row[figure] === undefined)) return undefined;
  const values = rows.map((row) => row[figure] ?? 0);
  return rows[values.indexOf(Math.max(...values))].placement;
}

/** PSNR of the held-back part and loss of the crops, a line for each placement. */
export function ablationCurves({ request, lanes }: Ablation): readonly TrainingCurve[] {
  const { placements } = request.settings;
  const lines = (places: (placement: Placement) => { x: number; y: number }[]) =>
    placements.map((placement) => {
      const dots = places(placement);
      const { short, shades } = PLACEMENT_WORDS[placement];
      return { id: placement, label: short, shades, dots, line: dots };
    });
  const checks = lines((own) =>
    (lanes[own]?.checks ?? []).map(({ step, psnr }) => ({ x: step, y: psnr })),
  );
  const rates = lines((own) =>
    (lanes[own]?.checks ?? []).map(({ step, bpp }) => ({ x: step, y: bpp })),
  );
  return [
    curveOf('psnr', 'PSNR, held-back part, dB', checks),
    curveOf('bpp', 'Rate, held-back part, bpp (estimate)', rates),
  ];
}

function curveOf(id: string, title: string, lines: TrainingCurve['lines']): TrainingCurve {
  const values = lines.flatMap(({ dots }) => dots.map(({ y }) => y));
  const domain = values.length > 0 ? linearDomain(values, {}) : ([0, 1] as const);
  const axis: ChartAxis = { label: title, scale: 'linear', domain };
  return { id, title, axis, lines, sparse: true, text: (value) => fixed(value, 2) };
}

export function ablationAxis({ request, step }: Ablation): ChartAxis {
  const { steps } = request.settings;
  return { label: 'Step', scale: 'linear', domain: [0, Math.max(steps, step, 1)] };
}

/** One row a check, with what the paper reports beside it. */
export function ablationCsv(ablation: Ablation): string {
  const rows = ablationRows(ablation).flatMap(({ placement, parameters, stepsPerSecond: speed }) =>
    (ablation.lanes[placement]?.checks ?? []).map(
      ({ step, psnr, bpp }): Record<string, CsvCell> => ({
        placement,
        parameters,
        step,
        psnr_db: psnr,
        bpp_estimate: bpp,
        iterations_per_second: speed,
        paper_psnr_db: PLACEMENT_WORDS[placement].paper?.psnr,
        paper_iterations_per_second: PLACEMENT_WORDS[placement].paper?.speed,
      }),
    ),
  );
  return csvTable(rows);
}

/** What the ablation was, for the caption of a drawing. */
export function ablationSettings({ request, name, facts, step }: Ablation): string[] {
  const { settings, scene } = request;
  const { x, y, width, height } = scene.heldBack;
  const side = facts ? ` of ${facts.side} × ${facts.side} pixels` : '';
  return [
    `${name} (held back: ${width} × ${height} pixels at ${x}, ${y}).`,
    `Networks as in the paper, without a linear bypass, from the same start on the same crops; step ${step} of ${settings.steps}, ${settings.batch} crops${side} a step, learning rate ${settings.learningRate}, seed ${settings.seed}.`,
    'PSNR of rounded latents, rate as the probability model estimates it: no files.',
  ];
}
