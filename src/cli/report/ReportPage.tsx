import type { CodecMeta } from '../../codecs/types';
import type { Measurement } from '../measure';
import { unequalCubes } from '../summary';
import { CubeSection } from './CubeSection';
import { MeanCharts } from './charts';
import type { CubeRecord } from './collect';
import { Methods } from './Methods';
import { CodecName, Families, familyMark } from './parts';
import { STYLE } from './style';
import { DeltaTable, MeanTables } from './tables';

/** How and with what a report was measured. */
export interface ReportSetting {
  readonly version: string;
  readonly backend: string;
  /** Of the machine, e.g. its processor. */
  readonly machine: string;
  readonly date: Date;
  /** First 8 hexadecimal digits of a model's SHA-256, by codec id. */
  readonly weights: Readonly<Record<string, string>>;
  readonly metadata: string;
  readonly grid?: string;
  /** Target rate in bpp of pictures and spectra. */
  readonly shownRate: number;
}

export interface Report {
  readonly title: string;
  readonly setting: ReportSetting;
  readonly codecs: readonly CodecMeta[];
  readonly cubes: readonly CubeRecord[];
  /** Codec that others are compared with. */
  readonly anchor?: CodecMeta;
  /** Points that could not be measured, one sentence each. */
  readonly failures: readonly string[];
}

/** The whole page; it needs no script and loads nothing. */
export function ReportPage({ report }: { report: Report }) {
  const { title, setting, codecs, cubes, anchor, failures } = report;
  const points = cubes.flatMap((cube) => cube.points);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <header>
          <h1>{title}</h1>
          <p className="facts">{headline(points, setting)}</p>
        </header>
        <main>
          <Families codecs={codecs} />
          <section>
            <h2>{cubes.length > 1 ? `Mean of ${cubes.length} cubes` : 'Result'}</h2>
            <Overview {...{ codecs, points, anchor }} several={cubes.length > 1} />
            <BandWarning points={points} />
          </section>
          <Failures failures={failures} />
          <Methods setting={setting} points={points} />
          <Codecs codecs={codecs} setting={setting} />
          {cubes.map((cube) => (
            <CubeSection key={cube.name} cube={cube} codecs={codecs} />
          ))}
        </main>
        <footer>Made by HSI Compression Studio {setting.version}.</footer>
      </body>
    </html>
  );
}

function headline(points: readonly Measurement[], { date, grid }: ReportSetting): string {
  const distinct = (of: (point: Measurement) => string) => new Set(points.map(of)).size;
  const several = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return [
    several(
      distinct(({ codec }) => codec),
      'codec',
    ),
    several(
      distinct(({ cube }) => cube),
      'cube',
    ),
    several(points.length, 'written and re-read file'),
    grid ? `spectral grid ${grid}` : 'native bands',
    date.toISOString().slice(0, 10),
  ].join(' · ');
}

interface OverviewProps {
  readonly codecs: readonly CodecMeta[];
  readonly points: readonly Measurement[];
  readonly anchor?: CodecMeta;
  readonly several: boolean;
}

function Overview({ codecs, points, anchor, several }: OverviewProps) {
  return (
    <>
      {several && <MeanCharts codecs={codecs} points={points} />}
      <div className="pair">
        {anchor && <DeltaTable codecs={codecs} points={points} anchor={anchor} />}
        <MeanTables codecs={codecs} points={points} />
      </div>
    </>
  );
}

/** Codecs that left out different bands of a cube were not compared on the same samples. */
function BandWarning({ points }: { points: readonly Measurement[] }) {
  const unequal = unequalCubes(points);
  if (unequal.length === 0) return null;
  return (
    <p className="warning">
      Not compared on the same samples: codecs that are bound to a spectral range left out bands of{' '}
      {unequal.join(', ')}. Measure with --grid for a fair comparison.
    </p>
  );
}

function Failures({ failures }: { failures: readonly string[] }) {
  if (failures.length === 0) return null;
  return (
    <section className="warning">
      <h2>Not measured</h2>
      <ul>
        {failures.map((failure) => (
          <li key={failure}>{failure}</li>
        ))}
      </ul>
    </section>
  );
}

function Codecs({ codecs, setting }: { codecs: readonly CodecMeta[]; setting: ReportSetting }) {
  return (
    <section>
      <h2>Codecs</h2>
      <dl className="codecs">
        {codecs.map((codec) => (
          <div key={codec.id} {...familyMark(codec)}>
            <dt>
              <CodecName codec={codec} />
              <code>{codec.id}</code>
              {setting.weights[codec.id] && <small>weights {setting.weights[codec.id]}</small>}
            </dt>
            <dd>{codec.description}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
