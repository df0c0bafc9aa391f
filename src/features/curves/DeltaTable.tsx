import { useDeferredValue, useMemo } from 'react';
import type { BjontegaardDelta, NoDelta } from '../../core/metrics/bjontegaard';
import { useStudio } from '../../state/react';
import { Hint, Select } from '../../ui/controls';
import { fixed, small } from '../../ui/format';
import { CodecMark } from './CodecMark';
import {
  bestOf,
  type CodecDeltas,
  type DeltaColumn,
  defaultAnchor,
  deltasAgainst,
  REASONS,
} from './deltas';
import { useCodecCurves } from './useCurves';

const COLUMNS = [
  { id: 'psnr', label: 'BD-PSNR, dB', decimals: 2 },
  { id: 'rate', label: 'BD-rate, %', decimals: 1 },
  { id: 'ssim', label: 'BD-SSIM', decimals: 4 },
] as const;

/** Bjøntegaard deltas of all curves against one of them. */
export function DeltaTable() {
  // The chart comes first: the table follows when there is time.
  const curves = useDeferredValue(useCodecCurves());
  const swept = useDeferredValue(useStudio((state) => state.sweep !== undefined));
  const chosen = useStudio((state) => state.curves.anchor);
  const setCurves = useStudio((state) => state.setCurves);
  const anchor = curves.some(({ codec }) => codec === chosen) ? chosen : defaultAnchor(curves);
  const rows = useMemo(() => (anchor ? deltasAgainst(anchor, curves) : []), [anchor, curves]);
  const best = useMemo(
    () => ({
      psnr: bestOf(curves, 'psnr'),
      rate: bestOf(curves, 'rate'),
      ssim: bestOf(curves, 'ssim'),
    }),
    [curves],
  );
  if (!swept || !anchor || rows.length < 2) return null;
  return (
    <section className="deltas" aria-label="Bjøntegaard deltas">
      <div className="deltas__head">
        <Hint text="Mean distance between two curves over the interval that both cover: quality at equal rate (log rate), rate at equal PSNR. Interpolated by PCHIP; points with infinite PSNR are left out. In colour: the codec that is better than each other one, pair by pair.">
          <button type="button" className="how">
            Bjøntegaard deltas
          </button>
        </Hint>
        <span className="muted small">against</span>
        <Select
          label="Anchor of the deltas"
          value={anchor}
          choices={rows.map(({ codec, label }) => ({ value: codec, label }))}
          onChange={(codec) => setCurves({ anchor: codec })}
        />
      </div>
      <table className="deltas__table">
        <thead>
          <tr>
            <th scope="col">Codec</th>
            {COLUMNS.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">over</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.codec} row={row} best={best} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly row: CodecDeltas;
  readonly best: Readonly<Record<DeltaColumn, string | undefined>>;
}

function Row({ row, best }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <CodecMark codec={row.codec} />
        {row.label}
      </th>
      {COLUMNS.map(({ id, decimals }) => {
        const isBest = best[id] === row.codec && row[id].delta !== undefined;
        return (
          <td key={id} className={isBest ? 'deltas__best' : undefined}>
            <Value delta={row[id]} decimals={decimals} isAnchor={row.isAnchor} />
            {isBest && <span className="visually-hidden"> (best)</span>}
          </td>
        );
      })}
      <td className="muted">{interval(row)}</td>
    </tr>
  );
}

function Value(props: { delta: BjontegaardDelta | NoDelta; decimals: number; isAnchor: boolean }) {
  const { delta, decimals, isAnchor } = props;
  if (delta.delta === undefined) {
    return (
      <span title={REASONS[delta.reason]}>
        –<span className="visually-hidden"> {REASONS[delta.reason]}</span>
      </span>
    );
  }
  if (isAnchor) return <>{fixed(0, decimals)}</>;
  return (
    <>
      {delta.delta > 0 ? '+' : delta.delta < 0 ? '−' : ''}
      {fixed(Math.abs(delta.delta), decimals)}
    </>
  );
}

/** What the means run over, or why there is none. */
function interval({ psnr, rate, isAnchor }: CodecDeltas): string {
  if (isAnchor) return 'anchor';
  if (psnr.delta === undefined) return REASONS[psnr.reason].toLowerCase();
  const [low, high] = psnr.interval.map(small);
  const over = `${low}–${high} bpp`;
  if (rate.delta === undefined) return `${over}, no common PSNR`;
  return `${over}, ${rate.interval.map((value) => fixed(value, 1)).join('–')} dB`;
}
