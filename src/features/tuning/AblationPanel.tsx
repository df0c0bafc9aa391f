import { useEffect } from 'react';
import { PLACEMENTS } from '../../engine/tuningTypes';
import {
  type Ablation,
  type AblationState,
  ablationFault,
  ablationSecondsLeft,
  isAblating,
} from '../../state/ablation';
import { useStudio } from '../../state/react';
import { isPossible } from '../../state/tuningSettings';
import { NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { count, timeLeft } from '../../ui/format';
import { PLACEMENT_WORDS } from './placements';
import { SettingEntry } from './SettingEntry';
import { SlowStart } from './SlowStart';
import { StartButton } from './StartButton';

const STATE_NAMES: Readonly<Record<AblationState, string>> = {
  preparing: 'Preparing',
  running: 'Training',
  pausing: 'Pausing after this step',
  paused: 'Paused',
  stopping: 'Stopping after this step',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Ended by a fault',
};

/** Which placements are compared and how long, and how the comparison goes. */
export function AblationPanel() {
  const ablation = useStudio((state) => state.ablation);
  const notice = useStudio((state) => state.ablationNotice);
  const dismiss = useStudio((state) => state.dismissAblationNotice);
  const active = isAblating(ablation);
  return (
    <>
      {notice && (
        <div className="tune-notice">
          <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>
        </div>
      )}
      {ablation && (
        <Panel
          title={`Ablation: ${ablation.name}`}
          aside={
            <span className="small muted" data-testid="ablation-state">
              {STATE_NAMES[ablation.state]}
            </span>
          }
        >
          <Progress ablation={ablation} />
          {active && <Orders state={ablation.state} />}
        </Panel>
      )}
      {!active && <Setup />}
    </>
  );
}

function Progress({ ablation }: { ablation: Ablation }) {
  const { step, request, progress, state } = ablation;
  const { steps } = request.settings;
  const left =
    isAblating(ablation) && state !== 'paused' ? ablationSecondsLeft(ablation) : undefined;
  const doing = progress && `${progress.label} ${Math.round(100 * progress.done)} %`;
  return (
    <div className="job">
      <div className="job__text">
        <span data-testid="ablation-step">
          Step {count(step)} of {count(steps)}
        </span>
        <span className="muted truncate">{doing ?? timeLeft(left)}</span>
      </div>
      <ProgressBar done={Math.min(1, step / steps)} label="Steps of the ablation" />
    </div>
  );
}

function Orders({ state }: { state: AblationState }) {
  const steer = useStudio((studio) => studio.steerAblation);
  return (
    <>
      <div className="tune-buttons">
        {state === 'paused' ? (
          <Button variant="primary" icon="play" onClick={() => steer('resume')}>
            Resume
          </Button>
        ) : (
          <Button
            variant="primary"
            icon="pause"
            disabled={state !== 'running'}
            onClick={() => steer('pause')}
          >
            Pause
          </Button>
        )}
        <Button disabled={state === 'stopping'} onClick={() => steer('stop')}>
          Stop
        </Button>
      </div>
      <p className="muted small">
        The networks are not kept; the table and the curves can be exported. A reload ends the
        comparison.
      </p>
    </>
  );
}

function Setup() {
  const placements = useStudio((state) => state.ablationSettings.placements);
  const toggle = useStudio((state) => state.togglePlacement);
  return (
    <Panel title="Ablation">
      <p className="muted small">
        What SE blocks and 3-D convolutions are worth where they stand: networks as in the paper’s
        Table II, new ones, trained on this scene beside what is held back. They begin at its mean
        spectrum: some hundred steps pass before they differ.
      </p>
      <fieldset className="tune-scenes">
        <legend>Networks that are compared</legend>
        {PLACEMENTS.map((own) => (
          <label key={own} className="check">
            <input
              type="checkbox"
              checked={placements.includes(own)}
              onChange={() => toggle(own)}
            />
            <span className="truncate">{PLACEMENT_WORDS[own].name}</span>
          </label>
        ))}
      </fieldset>
      <div className="tune-numbers">
        <NumberField name="steps" label="Steps" />
        <NumberField name="batch" label="Crops a step" />
        <NumberField name="learningRate" label="Learning rate" />
        <NumberField name="seed" label="Seed" />
        <NumberField name="checkEvery" label="Check every" />
      </div>
      <Start />
    </Panel>
  );
}

interface NumberFieldProps {
  readonly name: 'steps' | 'batch' | 'learningRate' | 'seed' | 'checkEvery';
  readonly label: string;
}

function NumberField({ name, label }: NumberFieldProps) {
  const value = useStudio((state) => state.ablationSettings[name]);
  const set = useStudio((state) => state.setAblationSettings);
  return (
    <SettingEntry
      {...{ label, value }}
      isPossible={(to) => isPossible(name === 'checkEvery' ? 'validateEvery' : name, to)}
      onChange={(to) => set({ [name]: to })}
    />
  );
}

function Start() {
  const cube = useStudio((state) => state.cube?.id);
  const suggest = useStudio((state) => state.suggestSplit);
  const fault = useStudio(ablationFault);
  const start = useStudio((state) => state.startAblation);
  useEffect(() => {
    if (cube) suggest(cube);
  }, [cube, suggest]);
  return (
    <>
      <SlowStart />
      <StartButton fault={fault} testId="start-ablation" onStart={() => start()} />
    </>
  );
}
