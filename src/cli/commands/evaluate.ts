import { writeFile } from 'node:fs/promises';
import { parse } from '../arguments';
import { csv } from '../csv';
import type { Measurement } from '../measure';
import { unequalCubes } from '../summary';
import { sweep } from '../sweep';
import { planSweep, SWEEP_OPTIONS, SWEEP_USAGE } from '../sweepOptions';
import { pointTable, summaryTables } from '../tables';
import { EXIT, ProgressLine } from '../terminal';

export const EVALUATE_USAGE = `hsc evaluate CUBES…
  rate and distortion; every figure comes from a written and re-read file
  --json          JSON Lines, one object a point, instead of tables
${SWEEP_USAGE}`;

export async function evaluate(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...SWEEP_OPTIONS,
    json: { type: 'boolean', default: false },
  });
  const { plan } = await planSweep(values, positionals);
  const points: Measurement[] = [];
  const progress = new ProgressLine();
  const failures = await sweep(
    plan,
    ({ point }) => {
      points.push(point);
      if (values.json) console.log(JSON.stringify(point));
    },
    progress,
    signal,
  );
  if (!values.json && points.length > 0) {
    console.log(pointTable(points));
    console.log(`\n${summaryTables(points, values.anchor)}`);
  }
  const unequal = unequalCubes(points);
  if (unequal.length > 0) {
    progress.print(
      `Not compared on the same bands: ${unequal.join(', ')}; --grid makes the figures comparable.`,
    );
  }
  if (values.csv !== undefined) await writeFile(values.csv, csv(points));
  return failures.length > 0 ? EXIT.failed : EXIT.ok;
}
