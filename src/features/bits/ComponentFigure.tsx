import { useMemo, useState } from 'react';
import type { FileBits } from '../../engine/bits';
import type { Result } from '../../state/result';
import { Button } from '../../ui/controls';
import { bytes as bytesText, percent } from '../../ui/format';
import { saveFile } from '../result/download';
import { type Bar, BarChart, MARKED_SHARE } from './BarChart';
import { countFor, cumulativeShares } from './channels';
import { componentsCsv } from './csv';

/** Bytes of the spectral components, for codecs that code them one by one. */
export function ComponentFigure({ result, bits }: { result: Result; bits: FileBits }) {
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
  const base = result.fileName.replace(/\.hsc$/i, '');
  return (
    <section className="bits-chart" aria-label="Bytes of the spectral components">
      <div className="bits-chart__head">
        <strong>Bytes per component</strong>
        <Button
          icon="save"
          onClick={() =>
            saveFile(`${base}_bytes-components.csv`, new TextEncoder().encode(componentsCsv(bits)))
          }
        >
          CSV
        </Button>
      </div>
      <p className="bits-chart__text small muted truncate" data-testid="channel-readout">
        {shown === undefined
          ? `The first ${first} of ${values.length} components carry ${percent(MARKED_SHARE, 0)} of the code streams’ bytes.`
          : `Component ${shown}: ${bytesText(values[shown])} (${percent(values[shown] / total, 1)})`}
      </p>
      <BarChart
        label="Bytes of the spectral components"
        bars={bars}
        groups={groups}
        unit="B"
        selected={selected}
        hovered={hovered}
        onHover={setHovered}
        onSelect={setSelected}
      />
    </section>
  );
}
