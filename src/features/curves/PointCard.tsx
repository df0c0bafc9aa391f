import { useStudio, useStudioStore } from '../../state/react';
import type { SweepPoint } from '../../state/sweepRun';
import * as format from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import { CodecMark } from './CodecMark';
import { type CurvePoint, meanOf, typicalMember } from './points';

interface PointCardProps {
  readonly point: CurvePoint;
  /** Where the point lies in the chart, and how large that is. */
  readonly at: { readonly x: number; readonly y: number };
  readonly room: { readonly width: number; readonly height: number };
}

const WIDTH = 316;
const HEIGHT = 356;
const GAP = 18;

/** Every figure of a point beside the pictures that it is about. */
export function PointCard({ point, at, room }: PointCardProps) {
  const right = at.x + GAP + WIDTH < room.width;
  const left = right ? at.x + GAP : Math.max(0, at.x - GAP - WIDTH);
  const top = Math.max(4, Math.min(at.y - HEIGHT / 2, room.height - HEIGHT - 4));
  const patches = point.members.length;
  return (
    <div
      className="point-card"
      data-testid="point-card"
      aria-hidden="true"
      style={{ left, top, width: WIDTH }}
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
      `${format.bytes(Math.round(mean(({ rate }) => rate.bytes)))}, ${format.fixed(
        mean(({ rate }) => rate.ratio),
        1,
      )} : 1`,
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
