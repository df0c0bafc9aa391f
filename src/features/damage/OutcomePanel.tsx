import { tileCount } from '../../core/bitstream/tiles';
import { shareOf } from '../../core/cube/lostPixels';
import type { DamageOutcome, ImageChange } from '../../engine/damage';
import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { NoticeBox, Panel } from '../../ui/blocks';
import { count, percent } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { valueText } from '../bits/words';
import { unitOf } from '../figureCaption';
import { type RunningOutcome, useCopy } from './useDamage';
import { hitText, spanName } from './words';

/** More are counted. */
const LISTED = 8;

/** The sections that the damage hits. */
export function HitPanel({ result }: { result: Result }) {
  const { hit } = useCopy(result);
  const more = hit.length - LISTED;
  return (
    <Panel title="What is hit">
      {hit.length > 0 && (
        <dl className="figures figures--small" data-testid="damage-hit">
          {hit.slice(0, LISTED).map((one) => (
            <div key={one.span.from} className="figures__row">
              <dt>{spanName(one.span)}</dt>
              <dd>{hitText(one)}</dd>
            </div>
          ))}
        </dl>
      )}
      {more > 0 && <p className="small muted">and {count(more)} more sections</p>}
      {hit.length === 0 && <p className="small muted">Nothing: the copy is the file.</p>}
    </Panel>
  );
}

/** What the reader of opened files makes of the damaged copy. */
export function OutcomePanel({ result, running }: { result: Result; running: RunningOutcome }) {
  const { value, notice, progress } = running;
  const stays = !notice && !running.cancelled;
  return (
    <Panel title="What the reader makes of it">
      {/* Read out as a whole once it has come. */}
      <div
        className={`damage__outcome${progress ? ' damage__outcome--old' : ''}`}
        role="status"
        aria-busy={progress !== undefined}
        data-testid="damage-outcome"
      >
        {stays && value?.refusal && (
          <>
            <div className="notice notice--question">
              <Icon name="caution" />
              <p className="notice__body">
                Refused (<code>{value.refusal.code}</code>): {value.refusal.message}
              </p>
            </div>
            <p className="small muted">Nothing is shown in its place.</p>
          </>
        )}
        {stays && value?.restored && <Restored result={result} {...value.restored} />}
        {!value && !notice && !progress && (
          <p className="small muted">
            Flip a bit: the copy is read as any file that is opened, and what comes of it stands
            here.
          </p>
        )}
      </div>
      {notice && <NoticeBox>{notice.message}</NoticeBox>}
    </Panel>
  );
}

type RestoredProps = NonNullable<DamageOutcome['restored']> & { readonly result: Result };

function Restored({ result, image, change }: RestoredProps) {
  const unit = useStudio((state) => unitOf(state, result));
  const { lost = [], info } = image;
  const rows = [
    ['lost', 'Tiles lost', `${count(lost.length)} of ${count(tileCount(info.width, info.height))}`],
    ['share', 'Pixels without data', percent(shareOf(lost, info))],
    [
      'changed',
      'Others that differ',
      change.pixels === 0
        ? 'none'
        : `${count(change.pixels)} (${percent(change.pixels / change.compared, 1)})`,
    ],
    ...(change.pixels > 0
      ? [
          ['largest', 'By at most', `${valueText(change.largest)}${unit ? ` ${unit}` : ''}`],
          ['notable', 'By over 0.1 % of the range', notableText(change.notable)],
        ]
      : []),
  ];
  return (
    <>
      <p className="small">{summary(lost.length, change.pixels)}</p>
      <dl className="figures figures--small">
        {rows.map(([id, label, text]) => (
          <div key={id} className="figures__row">
            <dt>{label}</dt>
            <dd data-testid={`damage-${id}`}>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function notableText({ pixels, reach }: ImageChange['notable']): string {
  return pixels === 0 ? 'none' : `${count(pixels)}, within ${count(reach)} pixels`;
}

function summary(lost: number, changed: number): string {
  if (lost === 0) {
    return changed === 0
      ? 'Restored: every sample is what it was.'
      : 'Restored, and the damage was not noticed.';
  }
  return changed === 0
    ? 'Restored but for the damaged tiles; all else is what it was.'
    : 'Restored but for the damaged tiles. Pixels beside them lean on latents that had to be guessed.';
}
