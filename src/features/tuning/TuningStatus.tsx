import { DropdownMenu } from 'radix-ui';
import { useStudio } from '../../state/react';
import { isActive, paceOf, shareDone } from '../../state/tuningRun';
import { timeLeft } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Menu, MenuItem } from '../../ui/menu';
import { STATE_NAMES } from './words';

/** How far the run is, from any room, with what can be done about it. */
export function TuningStatus() {
  const run = useStudio((state) => state.tuningRun);
  const cube = useStudio((state) => state.cube !== undefined);
  const steer = useStudio((state) => state.steerTuning);
  const setStage = useStudio((state) => state.setStage);
  const setTuning = useStudio((state) => state.setTuning);
  if (!run || (!isActive(run) && run.state !== 'interrupted')) return null;
  const percent = Math.floor(100 * shareDone(run));
  const paused = run.state === 'paused';
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
            <span className="status__done" style={{ width: `${percent}%` }} />
          </span>
          {run.state === 'running' ? 'Tuning' : STATE_NAMES[run.state]} {percent} %
          <Icon name="chevron" />
        </button>
      }
    >
      <DropdownMenu.Label className="popup__label">
        {run.request.name}: step {run.step} of {run.request.settings.steps}
        {run.state === 'running' && `, ${timeLeft(paceOf(run).secondsLeft)}`}
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
