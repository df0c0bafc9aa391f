import type { PixelWindow } from '../../core/cube/types';
import { useStudio } from '../../state/react';
import type { StudioState } from '../../state/store';
import { sweptCodecs } from '../../state/sweep';
import { planTasks, type SweepTask, scopeWindows } from '../../state/sweepPlan';
import { NoticeBox, ProgressBar } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { count, timeLeft } from '../../ui/format';

/** The files that the present choice asks for, named as in a sweep. */
function plannedFiles(state: StudioState): { windows: readonly PixelWindow[]; files: unknown[] } {
  const { patch, cube, sweepRates, sweepScope } = state;
  const windows = cube && patch ? scopeWindows(sweepScope, patch, cube.info) : [];
  return { windows, files: filesOf(planTasks(sweptCodecs(state), sweepRates, windows.length)) };
}

const filesOf = (tasks: readonly SweepTask[]) =>
  tasks.map(({ codec, rate, target }) => [codec.id, rate, target]);

export function usePlannedCount(): number {
  return useStudio((state) => plannedFiles(state).files.length);
}

/** True where the sweep that is shown is the one that the present choice asks for, and complete. */
function useAllMeasured(): boolean {
  return useStudio((state) => {
    const { sweep } = state;
    if (!sweep || sweep.points.length < sweep.tasks.length) return false;
    const windows = sweep.targets.map(({ window }) => window);
    const shown = { windows, files: filesOf(sweep.tasks) };
    return JSON.stringify(plannedFiles(state)) === JSON.stringify(shown);
  });
}

/** Start, progress, cancel, and what there is to decide before. */
export function SweepRunner() {
  const running = useStudio(({ sweep }) => sweep?.state === 'running');
  const cancelling = useStudio(({ sweep }) => sweep?.state === 'cancelling');
  const asked = useStudio((state) => state.sweepBandQuestion !== undefined);
  const notice = useStudio((state) => state.sweepNotice);
  const dismiss = useStudio((state) => state.dismissSweepNotice);
  return (
    <div className="runner">
      {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
      {running || cancelling ? <Progress /> : asked ? <BandQuestion /> : <Start />}
      <Summary />
    </div>
  );
}

function Start() {
  const files = usePlannedCount();
  const complete = useAllMeasured();
  const ready = useStudio((state) => Boolean(state.cube && state.backend));
  const start = useStudio((state) => state.startSweep);
  return (
    <>
      <Button
        variant={complete ? 'plain' : 'primary'}
        wide
        large
        disabled={!ready || files === 0 || complete}
        data-testid="start-sweep"
        onClick={() => start()}
      >
        Start
      </Button>
      <p className="muted small">
        {files === 0
          ? 'Choose at least one codec and a rate that it serves.'
          : complete
            ? 'Everything that is chosen has been measured, without optional metadata.'
            : `${count(files)} ${files === 1 ? 'file' : 'files'} to measure, without optional metadata.`}
      </p>
    </>
  );
}

function Progress() {
  const done = useStudio(({ sweep }) => sweep?.done ?? 0);
  const label = useStudio(({ sweep }) => sweep?.label ?? '');
  const left = useStudio(({ sweep }) => timeLeft(sweep?.secondsLeft));
  const cancelling = useStudio(({ sweep }) => sweep?.state === 'cancelling');
  const cancel = useStudio((state) => state.cancelSweep);
  return (
    <div className="job">
      <div className="job__text">
        <span className="truncate">{cancelling ? 'Cancelling…' : label}</span>
        <span className="muted">{left}</span>
      </div>
      <ProgressBar done={done} label="Measuring the curves" />
      <Button wide large disabled={cancelling} data-testid="cancel-sweep" onClick={cancel}>
        Cancel <kbd>Esc</kbd>
      </Button>
    </div>
  );
}

function BandQuestion() {
  const question = useStudio((state) => state.sweepBandQuestion);
  const total = useStudio((state) => state.cube?.info.bands ?? 0);
  const answer = useStudio((state) => state.answerSweepBands);
  if (!question) return null;
  const { bands, limitedBy, ranges } = question;
  return (
    <NoticeBox
      kind="question"
      actions={
        <>
          <Button variant="primary" onClick={() => answer('covered')}>
            Measure on the {bands.length} inside
          </Button>
          <Button onClick={() => answer('all')}>All bands, without them</Button>
          <Button onClick={() => answer('cancel')}>Cancel</Button>
        </>
      }
    >
      {total - bands.length} of {total} bands lie outside {ranges.join(' or ')}, which{' '}
      {limitedBy.join(', ')} cover{limitedBy.length === 1 ? 's' : ''}. Measured on the bands inside,
      all codecs get the same ones.
    </NoticeBox>
  );
}

/** How much there is, and how much of it was known. */
function Summary() {
  const text = useStudio(({ sweep }) => {
    if (!sweep) return '';
    const { points, tasks, bands, info, state } = sweep;
    const before = points.filter(({ cached }) => cached).length;
    const parts = [`${count(points.length)} of ${count(tasks.length)} measured`];
    if (before > 0) parts.push(`${count(before)} of them before`);
    if (bands) parts.push(`all on the same ${bands.length} of ${info.bands} bands`);
    const ended = state === 'cancelled' ? ' Cancelled; Start goes on where it stopped.' : '';
    return `${parts.join(', ')}.${ended}`;
  });
  return (
    <p className="small" aria-live="polite" data-testid="sweep-summary">
      {text}
    </p>
  );
}
