import { useStudio, useStudioStore } from '../../state/react';
import type { SweepPoint } from '../../state/sweepRun';
import * as format from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import { CodecMark } from './CodecMark';
import { CARD } from './cardCorner';
import { type CurvePoint, meanOf, typicalMember } from './points';

interface PointCardProps {
  readonly point: CurvePoint;
  readonly corner: { readonly left: number; readonly top: number };
}

/** Every figure of a point beside the pictures that it is about. */
export function PointCard({ point, corner }: PointCardProps) {
  const patches = point.members.length;
  return (
    <div
      className="point-card"
      data-testid="point-card"
      aria-hidden="true"
      style={{ ...corner, width: CARD.width }}
    >
      <div className="point-card__head">
        <CodecMark codec={point.codec} />
        <strong>{point.label}</strong>
        <span className="muted">
          {point.targetRate === undefined
            ? 'no target rate'
            : `target ${format.fixed(point.targetRate, 2)} bpp`}
        </span>
      </div>
      <Pictures member={typicalMember(point)} />
      <Figures point={point} />
      <p className="muted small">
        {patches > 1
          ? `Mean of ${patches} patches; click to open the one nearest to the mean.`
          : 'Click to open this file in Compare.'}
      </p>
    </div>
  );
}

const ratio = (value: number) => format.fixed(value, value < 100 ? 1 : 0);

function Pictures({ member }: { member: SweepPoint }) {
  const store = useStudioStore();
  const { original, reconstruction } = store.getState().pointPictures(member.id);
  return (
    <div className="point-card__pictures">
      {[
        { title: 'Original', picture: original },
        { title: 'Reconstruction', picture: reconstruction },
      ].map(({ title, picture }) => (
        <figure key={title}>
          {picture ? (
            <PictureCanvas picture={picture} testId={`thumbnail-${title.toLowerCase()}`} />
          ) : (
            <div className="point-card__gap" />
          )}
          <figcaption>{title}</figcaption>
        </figure>
      ))}
    </div>
  );
}

function Figures({ point }: { point: CurvePoint }) {
  const units = useStudio((state) => state.sweep?.info.units);
  const mean = (value: (member: SweepPoint) => number) => meanOf(point, value);
  const unit = units ? ` ${units}` : '';
  const rows: readonly (readonly [id: string, label: string, value: string])[] = [
    [
      'psnr',
      'PSNR',
      `${format.fixed(
        mean(({ figures }) => figures.psnr),
        2,
      )} dB`,
    ],
    [
      'ssim',
      'SSIM',
      format.fixed(
        mean(({ figures }) => figures.ssim),
        4,
      ),
    ],
    [
      'sam',
      'SAM mean, max',
      `${format.fixed(
        mean(({ figures }) => figures.samDegrees),
        2,
      )}°, ${format.fixed(
        mean(({ figures }) => figures.samMaxDegrees),
        1,
      )}°`,
    ],
    ['rmse', 'RMSE', `${format.significant(mean(({ figures }) => figures.rmse))}${unit}`],
    [
      'max',
      'Largest error',
      `${format.significant(mean(({ figures }) => figures.maxError))}${unit}`,
    ],
    [
      'rate',
      'Rate',
      `${format.small(mean(({ rate }) => rate.bpp))} bpp, ${mean(({ rate }) => rate.bpppc).toPrecision(3)} bpppc`,
    ],
    [
      'size',
      'File, ratio',
      `${format.bytes(Math.round(mean(({ rate }) => rate.bytes)))}, ${ratio(mean((member) => member.rate.ratio))} : 1`,
    ],
    [
      'time',
      'Encode, decode',
      `${format.milliseconds(mean(({ encodeMs }) => encodeMs))}, ${format.milliseconds(mean(({ decodeMs }) => decodeMs))}`,
    ],
  ];
  return (
    <dl className="figures figures--small">
      {rows.map(([id, label, value]) => (
        <div key={id} className="figures__row">
          <dt>{label}</dt>
          <dd data-testid={`card-${id}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
