import { useMemo, useRef, useState } from 'react';
import type { Ablation } from '../../state/ablation';
import { useStudio } from '../../state/react';
import { ScrollRegion } from '../../ui/blocks';
import { count, fixed, signed } from '../../ui/format';
import { LineMark } from '../../ui/LineMark';
import { useSize } from '../stage/useSize';
import {
  type AblationRow,
  ablationAxis,
  ablationCurves,
  ablationRows,
  highest,
} from './ablationRows';
import { CurveChart } from './CurveChart';
import { PLACEMENT_WORDS } from './placements';

const PAD = 14;
const GAP = 16;
/** Where two charts fit side by side. */
const WIDE = 900;

/** The ablation: curves of all placements, and the table that the paper's Table II is. */
export function AblationView() {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const ablation = useStudio((state) => state.ablation);
  return (
    <div ref={box} className="tune-progress">
      {ablation && size && <Shown ablation={ablation} {...size} />}
      {!ablation && (
        <p className="tune-empty muted">
          Where do SE blocks and 3-D convolutions pay? The paper’s Table II, on your own scene:
          <br />
          networks of each kind learn side by side from the same crops.
        </p>
      )}
    </div>
  );
}

interface ShownProps {
  readonly ablation: Ablation;
  readonly width: number;
  readonly height: number;
}

function Shown({ ablation, width, height }: ShownProps) {
  const [pointed, setPointed] = useState<number>();
  const curves = useMemo(() => ablationCurves(ablation), [ablation]);
  const x = ablationAxis(ablation);
  const inner = width - 2 * PAD;
  const beside = inner >= WIDE;
  const chart = {
    width: beside ? Math.floor((inner - GAP) / 2) : inner,
    height: Math.min(420, Math.max(220, Math.round((beside ? 0.5 : 0.3) * height))),
  };
  return (
    <ScrollRegion label="Results of the ablation" className="tune-charts">
      <div className="ablation__charts">
        {curves.map((curve) => (
          <CurveChart key={curve.id} {...{ curve, x, pointed, ...chart }} onPoint={setPointed} />
        ))}
      </div>
      <Table rows={ablationRows(ablation)} />
      <p className="small muted tune-charts__foot">
        PSNR of rounded latents on the part held back, rate as the probability model estimates it;
        no files. Iterations a second: median of the last steps, networks taking turns. Paper: Byju
        et al., Table II, their data and machine: compare the order, not the numbers.
      </p>
    </ScrollRegion>
  );
}

function Table({ rows }: { rows: readonly AblationRow[] }) {
  const plain = rows.find(({ placement }) => placement === 'plain')?.psnr;
  const [best, fastest] = [highest(rows, 'psnr'), highest(rows, 'stepsPerSecond')];
  return (
    <table className="ablation__table" data-testid="ablation-table">
      <thead>
        <tr>
          <th scope="col">SE blocks or 3-D convolutions</th>
          <th scope="col">Parameters</th>
          <th scope="col">PSNR, dB</th>
          <th scope="col">Over plain</th>
          <th scope="col">bpp</th>
          <th scope="col">Iterations/s</th>
          <th scope="col">Paper: dB</th>
          <th scope="col">Paper: it/s</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ placement, parameters, psnr, bpp, stepsPerSecond }) => {
          const { name, shades, paper } = PLACEMENT_WORDS[placement];
          const over = plain === undefined || psnr === undefined ? undefined : psnr - plain;
          return (
            <tr key={placement}>
              <th scope="row">
                <span className="ablation__name">
                  <LineMark colour={shades} />
                  {name}
                </span>
              </th>
              <td>{parameters === undefined ? '–' : count(parameters)}</td>
              <td className={best === placement ? 'ablation__best' : undefined}>
                {figure(psnr, 2)}
              </td>
              <td>{over === undefined || placement === 'plain' ? '–' : signed(over, 2)}</td>
              <td>{figure(bpp, 3)}</td>
              <td className={fastest === placement ? 'ablation__best' : undefined}>
                {figure(stepsPerSecond, 2)}
              </td>
              <td>{figure(paper?.psnr, 2)}</td>
              <td>{figure(paper?.speed, 2)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const figure = (value: number | undefined, decimals: number) =>
  value === undefined ? '–' : fixed(value, decimals);
