import { useMemo } from 'react';
import { useStudio, useStudioStore } from '../../state/react';
import { ScrollRegion } from '../../ui/blocks';
import { fixed, small } from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import { CodecMark } from './CodecMark';
import './matrix.css';
import { type CodecCurve, type CurvePoint, meanOf, typicalMember } from './points';
import { useCodecCurves } from './useCurves';

/** Target rates of all curves, in order; codecs that take none have a column of their own. */
function columnsOf(curves: readonly CodecCurve[]): readonly (number | undefined)[] {
  const rates = new Set(curves.flatMap(({ points }) => points.map(({ targetRate }) => targetRate)));
  return [...rates].sort(
    (a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY),
  );
}

/** Every codec at every rate as pictures, as in figure 6 of Byju et al. */
export function PictureMatrix() {
  const curves = useCodecCurves();
  const measured = useMemo(() => curves.filter(({ points }) => points.length > 0), [curves]);
  const columns = useMemo(() => columnsOf(measured), [measured]);
  if (measured.length === 0) return null;
  return (
    <ScrollRegion className="matrix" label="Pictures of every codec at every rate">
      <table>
        <thead>
          <tr>
            <th scope="col">Codec</th>
            {columns.map((rate) => (
              <th key={rate ?? 'none'} scope="col">
                {rate === undefined ? 'no target' : `${fixed(rate, 2)} bpp`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <OriginalRow point={measured[0].points[0]} columns={columns.length} />
          {measured.map((curve) => (
            <tr key={curve.codec}>
              <th scope="row">
                <CodecMark codec={curve.codec} />
                {curve.label}
              </th>
              {columns.map((rate) => (
                <td key={rate ?? 'none'}>
                  <Cell point={curve.points.find(({ targetRate }) => targetRate === rate)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function OriginalRow({ point, columns }: { point: CurvePoint; columns: number }) {
  const store = useStudioStore();
  const { original } = store.getState().pointPictures(typicalMember(point).id);
  return (
    <tr>
      <th scope="row">Original</th>
      <td colSpan={columns}>
        {original && (
          <div className="matrix__cell">
            <PictureCanvas picture={original} label="Original" />
          </div>
        )}
      </td>
    </tr>
  );
}

function Cell({ point }: { point: CurvePoint | undefined }) {
  const store = useStudioStore();
  const pick = useStudio((state) => state.pickPoint);
  if (!point) return <span className="muted">–</span>;
  const member = typicalMember(point);
  const { reconstruction } = store.getState().pointPictures(member.id);
  const psnr = meanOf(point, ({ figures }) => figures.psnr);
  const bpp = meanOf(point, ({ rate }) => rate.bpp);
  return (
    <button
      type="button"
      className="matrix__cell"
      data-testid={`matrix ${point.key}`}
      title="Open this file in Compare"
      onClick={() => pick(member.id)}
    >
      {reconstruction ? (
        <PictureCanvas picture={reconstruction} label={`${point.label}, ${small(bpp)} bpp`} />
      ) : (
        <span className="matrix__gap" />
      )}
      <span>
        {fixed(psnr, 2)} dB · {small(bpp)} bpp
      </span>
    </button>
  );
}
