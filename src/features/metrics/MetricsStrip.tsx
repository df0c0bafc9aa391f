import { useMemo } from 'react';
import { csvTable } from '../../core/csv';
import { baseName } from '../../core/fileNames';
import { bandAxis, placesOf } from '../../state/bands';
import { fitsWindow } from '../../state/canvas';
import { type CodecPane, codecOf } from '../../state/panes';
import { useStudio, useStudioStore } from '../../state/react';
import { ScrollRegion } from '../../ui/blocks';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports, tableExport } from '../../ui/exports';
import { LineMark } from '../../ui/LineMark';
import { useComparedWindow } from '../compare/useWindow';
import { captionOf, qualityText, resultPlaceText, resultText } from '../figureCaption';
import { lostText } from '../lostText';
import { paneName, usePaneStyles } from '../paneStyle';
import type { SpectrumLine } from '../spectra/lines';
import { SpectraPlot } from '../spectra/SpectraPlot';
import { bestOf, COLUMNS, type Column, metricsRow } from './columns';
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
  const style = usePaneStyles().get(pane.id);
  const lost = pane.result && lostText(pane.result.reconstruction);
  return (
    <th scope="row">
      {style && <LineMark {...style} />} {number} ·{' '}
      {pane.result?.reconstruction.codecLabel ?? label}
      {lost && <span className="muted">, {lost}</span>}
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

/** Lines of PSNR by band, in the looks of their panes. */
function useBandErrors(shown: Shown): readonly SpectrumLine[] {
  const panes = useMemo(() => shown.map(({ pane }) => pane), [shown]);
  const all = useStudio((state) => state.panes);
  const styles = usePaneStyles();
  const spectra = useErrorSpectra(panes);
  return useMemo(
    () =>
      panes.flatMap((pane): SpectrumLine[] => {
        const values = spectra.get(pane.result?.reconstruction.id ?? '');
        const style = styles.get(pane.id);
        if (!values || !style || !pane.result) return [];
        const { info, codedBands } = pane.result.reconstruction;
        return [
          {
            key: pane.id,
            name: paneName(pane, all),
            shades: style.colour,
            dash: style.dash,
            xs: placesOf(bandAxis(info, codedBands)),
            values,
          },
        ];
      }),
    [panes, all, styles, spectra],
  );
}

/** PSNR of every band against wavelength. */
function BandErrors({ shown }: { shown: Shown }) {
  const lines = useBandErrors(shown);
  if (lines.length === 0) return <div className="metrics__bands" />;
  const xs = lines.flatMap((line) => line.xs);
  const inNm = shown.some(({ pane }) => pane.result?.reconstruction.info.wavelengthsNm);
  const chart = {
    lines,
    limits: [Math.min(...xs), Math.max(...xs)] as const,
    xLabel: inNm ? 'nm' : 'band',
    foot: 'values',
  } as const;
  return (
    <figure className="metrics__bands">
      <figcaption className="metrics__head muted small">
        PSNR by band, dB
        <MetricsExport shown={shown} chart={chart} />
      </figcaption>
      <SpectraPlot {...chart} label="PSNR by band" />
    </figure>
  );
}

interface MetricsExportProps {
  readonly shown: Shown;
  readonly chart: {
    readonly lines: readonly SpectrumLine[];
    readonly limits: readonly [number, number];
    readonly xLabel: string;
    readonly foot: 'values';
  };
}

/** The table as numbers, the chart as a figure. */
function MetricsExport({ shown, chart }: MetricsExportProps) {
  const store = useStudioStore();
  const base = useStudio((state) => baseName(state.cube?.info.name ?? 'files'));
  const results = shown.flatMap(({ pane, number }) =>
    pane.result ? [{ pane, number, result: pane.result }] : [],
  );
  const draw = async () => {
    const { drawSpectra } = await import('../spectra/drawing');
    const state = store.getState();
    const places = new Set(results.map(({ result }) => resultPlaceText(state, result)));
    const legend = results.map(({ pane, number, result }) => ({
      text: [`${number}: ${resultText(state, result)}`, qualityText(result)]
        .filter(Boolean)
        .join(', '),
      ...chart.lines.find(({ key }) => key === pane.id),
    }));
    return drawSpectra({
      title: 'PSNR by band',
      caption: [
        ...legend.map(({ text, shades, dash }) => ({ text, shades, dash })),
        ...captionOf(...places, 'PSNR of each band with the peak 1 after normalisation.'),
      ],
      ...chart,
      yLabel: 'PSNR, dB',
    });
  };
  const table = () =>
    csvTable(
      results.map(({ number, result }) => metricsRow(number, result)),
      '\r\n',
    );
  return (
    <ExportMenu
      what="the metrics"
      testId="export-metrics"
      variant="quiet"
      className="spectrum__button"
      choices={[
        tableExport(`${base}_metrics`, 'one row a pane, all figures', table),
        ...figureExports(`${base}_psnr-by-band`, draw),
      ]}
    />
  );
}
