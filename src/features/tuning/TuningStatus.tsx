import { DropdownMenu } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useStudio } from '../../state/react';
import { isActive, paceOf, shareDone, type TuningRun } from '../../state/tuningRun';
import { timeLeft } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Menu, MenuItem } from '../../ui/menu';
import { announcement, statusText } from './words';

/** How far the run is, from any room, with what can be done about it; also said to screen readers. */
export function TuningStatus() {
  const run = useStudio((state) => state.tuningRun);
  const shown = useShown(run);
  return (
    <>
      <span className="visually-hidden" aria-live="polite" data-testid="tuning-announcement">
        {run && announcement(run)}
      </span>
      {run && shown && <StatusMenu run={run} />}
    </>
  );
}

/** A run that has ended is told of until its room has been seen. */
function useShown(run: TuningRun | undefined): boolean {
  const inRoom = useStudio((state) => state.stage === 'tune' && state.cube !== undefined);
  const [seen, setSeen] = useState<string>();
  const ended = run && !isActive(run) && run.state !== 'interrupted' ? run.request.run : undefined;
  useEffect(() => {
    if (inRoom) setSeen(ended);
  }, [inRoom, ended]);
  return run !== undefined && (ended === undefined || (!inRoom && seen !== ended));
}

function StatusMenu({ run }: { run: TuningRun }) {
  const cube = useStudio((state) => state.cube !== undefined);
  const steer = useStudio((state) => state.steerTuning);
  const setStage = useStudio((state) => state.setStage);
  const setTuning = useStudio((state) => state.setTuning);
  const paused = run.state === 'paused';
  const left = run.state === 'running' ? timeLeft(paceOf(run).secondsLeft) : '';
  const show = () => {
    setTuning({ tuningShown: 'progress' });
    setStage('tune');
  };
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="status__button" data-testid="tuning-status">
          <span className="status__track" aria-hidden="true">
            <span className="status__done" style={{ width: `${100 * shareDone(run)}%` }} />
          </span>
          {statusText(run)}
          <Icon name="chevron" />
        </button>
      }
    >
      <DropdownMenu.Label className="popup__label">
        {run.request.name}: step {run.step} of {run.request.settings.steps}
        {left && `, ${left}`}
      </DropdownMenu.Label>
      <MenuItem
        label="Show"
        detail={cube ? undefined : 'Open an image first'}
        disabled={!cube}
        onSelect={show}
      />
      {isActive(run) && (
        <>
          <MenuItem
            label={paused ? 'Resume' : 'Pause'}
            disabled={!paused && run.state !== 'running'}
            onSelect={() => steer(paused ? 'resume' : 'pause')}
          />
          <MenuItem
            label="Stop"
            disabled={run.state === 'stopping'}
            onSelect={() => steer('stop')}
          />
        </>
      )}
    </Menu>
  );
}
