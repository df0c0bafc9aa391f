import type { ReactNode } from 'react';
import { useStudio } from '../../state/react';
import {
  bestValidation,
  isActive,
  isValidationDue,
  paceOf,
  shareDone,
  type TuningRun,
} from '../../state/tuningRun';
import { NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { count, duration, fixed, megabytes, timeLeft } from '../../ui/format';
import { fallingText, gainText, STATE_NAMES, safeText } from './words';

/** How the run goes, and what can be done with it. */
export function RunPanel({ run }: { run: TuningRun }) {
  const active = isActive(run);
  const falling = fallingText(run);
  return (
    <Panel
      title={`Run: ${run.request.name}`}
      aside={
        <span className="small muted" data-testid="tuning-state">
          {STATE_NAMES[run.state]}
        </span>
      }
    >
      <Progress run={run} />
      {active && <Facts run={run} />}
      {run.facts?.gpu === false && active && <SlowNotice run={run} />}
      {falling && <NoticeBox kind="question">{falling}</NoticeBox>}
      {run.state === 'interrupted' ? (
        <Interruption run={run} />
      ) : active ? (
        <Orders run={run} />
      ) : (
        <Outcome run={run} />
      )}
    </Panel>
  );
}

function Progress({ run }: { run: TuningRun }) {
  const { step, request, state } = run;
  const progress = isActive(run) ? progressText(run) : undefined;
  const left = isActive(run) && state !== 'paused' ? timeLeft(paceOf(run).secondsLeft) : '';
  return (
    <div className="job">
      <div className="job__text">
        <span data-testid="tuning-step">
          Step {count(step)} of {count(request.settings.steps)}
        </span>
        <span className="muted truncate">{progress ?? left}</span>
      </div>
      <ProgressBar done={shareDone(run)} label="Steps of the run" />
    </div>
  );
}

/** What is done besides steps. */
function progressText(run: TuningRun): string | undefined {
  const { progress } = run;
  if (progress) return `${progress.label} ${Math.round(100 * progress.done)} %`;
  return isValidationDue(run) ? 'exporting the weights' : undefined;
}

function speedText(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  return seconds < 1 ? `${fixed(1 / seconds, 1)} steps a second` : `${duration(seconds)} a step`;
}

function Facts({ run }: { run: TuningRun }) {
  const memory = useStudio((state) => state.memory);
  const { facts, safe, request } = run;
  const { stepSeconds, spentSeconds } = paceOf(run);
  const { budgetSeconds } = request.settings;
  const spent = spentSeconds === 0 ? '–' : duration(spentSeconds);
  const rows: readonly (readonly [label: string, value: ReactNode])[] = [
    ['Speed', speedText(stepSeconds)],
    ['Time', budgetSeconds ? `${spent} of ${duration(budgetSeconds)}` : spent],
    ['Memory', memory ? `${megabytes(memory.tensors)} in networks` : '–'],
    ['Safe', safe ? `up to step ${count(safe)}` : 'nothing yet'],
    ['Crops', facts ? `${facts.side} × ${facts.side}, ${count(facts.places)} places` : '–'],
    ['Learning', facts ? `${count(facts.trained)} of ${count(facts.parameters)} numbers` : '–'],
  ];
  return (
    <dl className="figures figures--small">
      {rows.map(([label, value]) => (
        <div key={label} className="figures__row">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where no graphics card does the work. */
function SlowNotice({ run }: { run: TuningRun }) {
  const { stepSeconds } = paceOf(run);
  return (
    <NoticeBox kind="info">
      No graphics card does the work here, so it is slow
      {stepSeconds === undefined
        ? '; how slow, the first steps will tell.'
        : `: ${duration(stepSeconds)} a step, and more for each validation.`}
    </NoticeBox>
  );
}

function Orders({ run }: { run: TuningRun }) {
  const steer = useStudio((state) => state.steerTuning);
  const { state } = run;
  const waiting = state === 'pausing' || state === 'stopping' || state === 'stepping';
  return (
    <>
      <div className="tune-buttons tune-buttons--three">
        {state === 'paused' || state === 'stepping' ? (
          <Button variant="primary" icon="play" disabled={waiting} onClick={() => steer('resume')}>
            Resume
          </Button>
        ) : (
          <Button
            variant="primary"
            icon="pause"
            disabled={waiting || state === 'preparing'}
            onClick={() => steer('pause')}
          >
            Pause
          </Button>
        )}
        <Button icon="next" disabled={state !== 'paused'} onClick={() => steer('step')}>
          One step
        </Button>
        <Button disabled={state === 'stopping'} onClick={() => steer('stop')}>
          Stop
        </Button>
      </div>
      <p className="muted small">
        Stop keeps the weights. Other rooms can be used meanwhile; encoding there and training take
        turns.
      </p>
    </>
  );
}

/** Reasons from outside end as they like. */
const sentence = (reason = '') => (/[.!?]$|^$/.test(reason) ? reason : `${reason}.`);

function Interruption({ run }: { run: TuningRun }) {
  const resume = useStudio((state) => state.resumeRun);
  const discard = useStudio((state) => state.discardRun);
  const id = run.request.run;
  return (
    <NoticeBox
      actions={
        <>
          <Button variant="primary" onClick={() => resume(id)}>
            Resume
          </Button>
          <Button onClick={() => discard(id)}>Discard</Button>
        </>
      }
    >
      Training was interrupted at step {count(run.step)}. {sentence(run.reason)} {safeText(run)}
    </NoticeBox>
  );
}

function Outcome({ run }: { run: TuningRun }) {
  const compare = useStudio((state) => state.compareTuned);
  const cube = useStudio((state) => state.cube !== undefined);
  const { outcome, validations } = run;
  const best = bestValidation(validations);
  const kept = outcome?.best ?? outcome?.last;
  if (!kept) return <p className="muted">No step was made: there are no new weights.</p>;
  return (
    <>
      <p data-testid="tuning-outcome">
        {outcome?.best && best
          ? `${gainText(best.gain)} at equal rate on the held-back part, at step ${best.step}.`
          : 'No validation was better than the untuned weights; the last ones are kept.'}
      </p>
      <Button wide disabled={!cube} data-testid="compare-tuned" onClick={() => compare(kept.codec)}>
        Show in Compare
      </Button>
    </>
  );
}
