import { useMemo } from 'react';
import { fitsWindow } from '../../state/canvas';
import { type CodecPane, codecOf } from '../../state/panes';
import { useStudio } from '../../state/react';
import { ScrollRegion } from '../../ui/blocks';
import { codecStyle, themed } from '../../ui/codecStyle';
import { fixed } from '../../ui/format';
import { useComparedWindow } from '../compare/useWindow';
import { type Series, SpectrumPlot } from '../stage/SpectrumPlot';
import { bestOf, COLUMNS, type Column } from './columns';
import './metrics.css';
import { useErrorSpectra } from './useErrorSpectra';

/** Panes that show the same window, with their numbers. */
function useShownPanes(): readonly { readonly pane: CodecPane; readonly number: number }[] {
  const window = useComparedWindow();
  const panes = useStudio((state) => state.panes);
  const cube = useStudio((state) => state.cube?.id);
  return useMemo(
    () =>
      panes
        .map((pane, i) => ({ pane, number: i + 1 }))
        .filter(({ pane }) => window && fitsWindow(pane, window, cube)),
    [panes, window, cube],
  );
}

/** Figures of all panes, and their PSNR band by band. */
export default function MetricsStrip() {
  const shown = useShownPanes();
  if (shown.length === 0) {
    return (
      <section className="metrics metrics--empty" aria-label="Metrics">
        <p className="muted">Encode the patch: the figures of every pane stand here.</p>
      </section>
    );
  }
  return (
    <section className="metrics" aria-label="Metrics">
      <Table shown={shown} />
      <BandErrors shown={shown} />
    </section>
  );
}

type Shown = ReturnType<typeof useShownPanes>;

function Table({ shown }: { shown: Shown }) {
  const panes = shown.map(({ pane }) => pane);
  const best = new Map(COLUMNS.map((column) => [column.id, bestOf(column, panes)]));
  return (
    <ScrollRegion className="metrics__table" label="Table of figures">
      <table aria-label="Figures of the panes">
        <thead>
          <tr>
            <th scope="col">Pane</th>
            {COLUMNS.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ pane, number }) => (
            <tr key={pane.id} data-testid={`metrics-${number}`}>
              <PaneName pane={pane} number={number} />
              {COLUMNS.map((column) => (
                <Cell
                  key={column.id}
                  column={column}
                  pane={pane}
                  best={best.get(column.id)?.has(pane.id) ?? false}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function PaneName({ pane, number }: { pane: CodecPane; number: number }) {
  const label = useStudio((state) => codecOf(state, pane)?.label);
  const codec = pane.result?.reconstruction;
  return (
    <th scope="row">
      <span
        className="metrics__swatch"
        style={{ background: themed(codecStyle(codec?.codec ?? '').colour) }}
        aria-hidden="true"
      />
      {number} · {codec?.codecLabel ?? label}
    </th>
  );
}

function Cell({ column, pane, best }: { column: Column; pane: CodecPane; best: boolean }) {
  const value = pane.result && column.value(pane.result);
  return (
    <td className={best ? 'metrics__best' : undefined} data-testid={`cell-${column.id}`}>
      {value === undefined ? '–' : column.text(value)}
      {best && <span className="visually-hidden"> (best)</span>}
    </td>
  );
}

/** PSNR of every band against wavelength. */
function BandErrors({ shown }: { shown: Shown }) {
  const panes = useMemo(() => shown.map(({ pane }) => pane), [shown]);
  const spectra = useErrorSpectra(panes);
  const series = useMemo<readonly Series[]>(
    () =>
      panes.flatMap((pane) => {
        const psnr = spectra.get(pane.result?.reconstruction.id ?? '');
        if (!psnr || !pane.result) return [];
        const { info, codedBands, codec, codecLabel } = pane.result.reconstruction;
        return [
          {
            name: `${codecLabel}, ${fixed(pane.result.rate.bpp, 2)} bpp, ${pane.id}`,
            colour: themed(codecStyle(codec).colour),
            xs: info.wavelengthsNm ?? codedBands.map((band) => band + 1),
            values: psnr,
          },
        ];
      }),
    [panes, spectra],
  );
  if (series.length === 0) return <div className="metrics__bands" />;
  const xs = series.flatMap((one) => one.xs);
  const inNm = panes.some(({ result }) => result?.reconstruction.info.wavelengthsNm);
  return (
    <figure className="metrics__bands">
      <figcaption className="muted small">PSNR by band, dB</figcaption>
      <SpectrumPlot
        series={series}
        limits={[Math.min(...xs), Math.max(...xs)]}
        xLabel={inNm ? 'nm' : 'band'}
        marks={[]}
        foot="values"
      />
    </figure>
  );
}
