import { useMemo, useState } from 'react';
import type { FileBits } from '../../engine/bits';
import { useStudioStore } from '../../state/react';
import { type Result, resultBase } from '../../state/result';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports, tableExport } from '../../ui/exports';
import { bytes as bytesText, percent } from '../../ui/format';
import { BarChart } from './BarChart';
import { type Bar, MARKED_SHARE } from './BarDrawing';
import { countFor, cumulativeShares } from './channels';
import { componentsCsv } from './csv';
import { drawBars } from './figures';

/** Bytes of the spectral components, for codecs that code them one by one. */
export function ComponentFigure({ result, bits }: { result: Result; bits: FileBits }) {
  const store = useStudioStore();
  const [hovered, setHovered] = useState<number>();
  const [selected, setSelected] = useState<number>();
  const values = useMemo(() => bits.componentBytes ?? [], [bits]);
  const bars = useMemo(
    () => values.map((value, id): Bar => ({ id, value, tone: 0, edited: false })),
    [values],
  );
  const groups = useMemo(
    () => values.map((_, k) => ({ from: k, to: k + 1, text: String(k) })),
    [values],
  );
  const shown = hovered ?? selected;
  const total = values.reduce((sum, value) => sum + value, 0);
  const first = countFor(cumulativeShares(values), MARKED_SHARE);
  const base = `${resultBase(result)}_bytes-components`;
  const chart = { bars, groups, unit: 'B' };
  return (
    <section className="bits-chart" aria-label="Bytes of the spectral components">
      <div className="bits-chart__head">
        <strong>Bytes per component</strong>
        <ExportMenu
          what="the components"
          testId="export-components"
          choices={[
            tableExport(base, 'one row a component', () => componentsCsv(bits)),
            ...figureExports(base, () =>
              drawBars(store.getState(), 'Bytes per spectral component', chart, []),
            ),
          ]}
        />
      </div>
      <p className="bits-chart__text small muted truncate" data-testid="channel-readout">
        {shown === undefined
          ? `The first ${first} of ${values.length} components carry ${percent(MARKED_SHARE, 0)} of the code streams’ bytes.`
          : `Component ${shown}: ${bytesText(values[shown])} (${percent(values[shown] / total, 1)})`}
      </p>
      <BarChart
        label="Bytes of the spectral components"
        {...chart}
        selected={selected}
        hovered={hovered}
        onHover={setHovered}
        onSelect={setSelected}
      />
    </section>
  );
}
