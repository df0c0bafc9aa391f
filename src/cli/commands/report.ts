import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { version } from '../../../package.json';
import type { ModelEntry } from '../../nn/models';
import { byHeading } from '../../ui/codecHeadings';
import { megabytes } from '../../ui/format';
import { parse, rateOption } from '../arguments';
import { csv } from '../csv';
import { Collector } from '../report/collect';
import { renderReport } from '../report/render';
import { ratesOf, type SweepPlan, sweep } from '../sweep';
import { planSweep, SWEEP_OPTIONS, SWEEP_USAGE } from '../sweepOptions';
import { EXIT, ProgressLine, UsageError } from '../terminal';

export const REPORT_USAGE = `hsc report CUBES… -o report.html
  measures like evaluate and writes one self-contained page: curves, deltas, pictures, error
  maps, spectra, all figures and how they came about
  -o OUT          the page
  --title TEXT    its title
  --pictures BPP  target rate of pictures and spectra (default the middle one)
${SWEEP_USAGE}`;

/** The middle one of all rates that are measured; 0 where no codec takes a rate. */
function middleRate({ codecs, rates }: SweepPlan): number {
  const all = new Set(codecs.flatMap(({ meta }) => ratesOf(meta, rates).rates));
  const sorted = [...all].filter((rate) => rate !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function digests(entries: readonly ModelEntry[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ id, sha256 }) => [id, sha256.slice(0, 8)]));
}

export async function report(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...SWEEP_OPTIONS,
    output: { type: 'string', short: 'o' },
    title: { type: 'string', default: 'Rate and distortion of hyperspectral image codecs' },
    pictures: { type: 'string' },
  });
  const { output, metadata } = values;
  if (!output) throw new UsageError('Name the page by -o.');
  const asked = values.pictures === undefined ? undefined : rateOption(values.pictures);
  const { plan, studio } = await planSweep(values, positionals);
  const shownRate = asked ?? middleRate(plan);
  const collector = new Collector(shownRate);
  const progress = new ProgressLine();
  const failures = await sweep(plan, (measured) => collector.add(measured), progress, signal);
  const { cubes } = collector;
  if (cubes.length === 0) {
    progress.print('Nothing could be measured; there is no report.');
    return EXIT.failed;
  }
  const codecs = byHeading(plan.codecs.map(({ meta }) => meta)).flatMap(({ members }) => members);
  const page = renderReport({
    title: values.title,
    setting: {
      version,
      backend: plan.backend,
      machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} threads`,
      date: new Date(),
      weights: digests(await studio.store.entries()),
      metadata,
      grid: plan.grid?.name,
      shownRate,
    },
    codecs,
    cubes,
    anchor: codecs.find(({ id }) => id === values.anchor),
    failures,
  });
  await writeFile(output, page);
  const points = cubes.flatMap((cube) => cube.points);
  if (values.csv !== undefined) await writeFile(values.csv, csv(points));
  progress.print(
    `${output}: ${points.length} points, ${cubes.length} cubes, ${megabytes(Buffer.byteLength(page))}`,
  );
  return failures.length > 0 ? EXIT.failed : EXIT.ok;
}
