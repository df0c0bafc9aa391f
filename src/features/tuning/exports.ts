import { type CsvCell, csvTable } from '../../core/csv';
import { plainName } from '../../core/fileNames';
import type { TuningRun } from '../../state/tuningRun';
import { bestValidation } from '../../state/tuningRun';
import { signed } from '../../ui/format';
import { MEMORY } from './curves';
import { OBJECTIVE_NAMES, PART_NAMES } from './words';

/** The curves of a run as files for other programs, and the settings that belong to them. */

/** One row a step, then one a file of a validation. */
export function toCsv({ steps, validations }: TuningRun): string {
  const stepRows = steps.map(({ step, terms, gradient, learningRate, milliseconds }) => ({
    kind: 'step',
    step,
    ...terms,
    gradient_norm: gradient,
    learning_rate: learningRate,
    milliseconds,
  }));
  const fileRows = validations.flatMap(({ step, gain, points }) =>
    points.map(({ target, bpp, psnr, sam }) => ({
      kind: 'validation',
      step,
      target_rate_bpp: target,
      file_rate_bpp: bpp,
      file_psnr_db: psnr,
      file_sam_deg: sam,
      gain_db: gain,
    })),
  );
  const rows: readonly Record<string, CsvCell>[] = [...stepRows, ...fileRows];
  return csvTable(rows);
}

/** What the names of exported files begin with. */
export function exportName({ request }: TuningRun): string {
  return `${plainName(`${request.name}_${request.codec}`)}_tuning`;
}

/** What the run was, for the caption of a drawing. `codec`: what it started from, in words. */
export function settingsOf(run: TuningRun, codec: string): string[] {
  const { request, facts, step, validations } = run;
  const { settings, scenes } = request;
  const { part, objective, batch, learningRate, seed, steps } = settings;
  const side = facts ? ` of ${facts.side} × ${facts.side} pixels` : '';
  const held = scenes.map(
    ({ name, heldBack: { x, y, width, height } }) =>
      `${name} (held back: ${width} × ${height} pixels at ${x}, ${y})`,
  );
  const best = bestValidation(validations);
  const gain = best ? `; best at step ${best.step}: ${signed(best.gain, 2)} dB at equal rate` : '';
  return [
    `${codec} tuned on ${held.join(', ')}.`,
    `${PART_NAMES[part]}, ${OBJECTIVE_NAMES[objective]}; step ${step} of ${steps}, ${batch} ${batch === 1 ? 'crop' : 'crops'}${side} a step, learning rate ${learningRate}, seed ${seed}.`,
    `Validation: real files of the held-back part, decoded and compared${gain}.`,
    `Dots: single steps${run.every > 1 ? `, every ${run.every}th` : ''}; lines: exponential mean over ${MEMORY} steps.`,
  ];
}
