import { useEffect } from 'react';
import { OBJECTIVES, TUNED_PARTS } from '../../engine/tuningTypes';
import { useStudio } from '../../state/react';
import { startFault, tuningCodec, tuningCubes, tuningName } from '../../state/tuning';
import { canBeTuned, isPossible, type NumberSetting, partsFor } from '../../state/tuningSettings';
import { Field, Panel } from '../../ui/blocks';
import { Segmented, Select } from '../../ui/controls';
import { NumberEntry } from '../../ui/NumberEntry';
import { TextField } from '../../ui/TextField';
import { codecChoices } from '../codecs';
import { BandQuestionBox } from '../coding/BandQuestionBox';
import { SettingEntry } from './SettingEntry';
import { SlowStart } from './SlowStart';
import { StartButton } from './StartButton';
import { OBJECTIVE_SENTENCES, PART_NAMES, PART_SENTENCES } from './words';

/** What is trained, on which scenes, and how long. */
export function SetupPanel() {
  return (
    <Panel title="Fine-tune">
      <p className="muted small">
        Trains a codec further on your own scene, on this computer. The part held back tells what it
        is worth.
      </p>
      <CodecField />
      <ScenesField />
      <ObjectiveField />
      <PartField />
      <div className="tune-numbers">
        <NumberField name="steps" label="Steps" />
        <NumberField name="batch" label="Crops a step" />
      </div>
      <More />
      <Start />
    </Panel>
  );
}

function CodecField() {
  const codecs = useStudio((state) => state.codecs);
  const weights = useStudio((state) => state.tunedWeights);
  const codec = useStudio(tuningCodec);
  const setTuning = useStudio((state) => state.setTuning);
  return (
    <Field label="Weights to start from">
      <Select
        label="Weights to start from"
        value={codec?.id}
        choices={codecChoices(codecs.filter(canBeTuned), weights)}
        onChange={(tuningCodecId) => setTuning({ tuningCodecId })}
      />
    </Field>
  );
}

/** Which of several open scenes are trained on. */
function ScenesField() {
  const cubes = useStudio((state) => state.cubes);
  const cube = useStudio((state) => state.cube);
  const chosenIds = useStudio((state) => state.tuningCubeIds);
  const setTuning = useStudio((state) => state.setTuning);
  const suggest = useStudio((state) => state.suggestSplit);
  const chosen = tuningCubes({ cubes, cube, tuningCubeIds: chosenIds }).map(({ id }) => id);
  const wanted = chosen.join('\n');
  useEffect(() => {
    for (const id of wanted === '' ? [] : wanted.split('\n')) suggest(id);
  }, [wanted, suggest]);
  if (cubes.length < 2) return null;
  const toggle = (id: string) =>
    setTuning({
      tuningCubeIds: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id],
    });
  return (
    <fieldset className="tune-scenes">
      <legend>Scenes to train on; look at each to move what it holds back</legend>
      {cubes.map(({ cube: { id, info } }) => (
        <label key={id} className="check">
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          <span className="truncate">{info.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

function ObjectiveField() {
  const objective = useStudio((state) => state.tuningSettings.objective);
  const set = useStudio((state) => state.setTuningSettings);
  return (
    <Field label="Objective">
      <Segmented
        label="Objective"
        value={objective}
        choices={OBJECTIVES.map((value) => ({
          value,
          label: value === 'gan' ? 'GAN' : 'Fidelity',
        }))}
        onChange={(next) => set({ objective: next })}
      />
      <p className="muted small tune-sentence">{OBJECTIVE_SENTENCES[objective]}</p>
    </Field>
  );
}

function PartField() {
  const part = useStudio((state) => state.tuningSettings.part);
  const objective = useStudio((state) => state.tuningSettings.objective);
  const set = useStudio((state) => state.setTuningSettings);
  const possible = partsFor(objective, TUNED_PARTS);
  return (
    <Field label="What learns">
      <Select
        label="What learns"
        value={part}
        choices={TUNED_PARTS.map((value) => ({
          value,
          label: PART_NAMES[value],
          detail: PART_SENTENCES[value],
          disabled: !possible.includes(value),
        }))}
        onChange={(next) => set({ part: next })}
      />
      <p className="muted small tune-sentence">{PART_SENTENCES[part]}</p>
    </Field>
  );
}

interface NumberFieldProps {
  readonly name: NumberSetting;
  readonly label: string;
}

function NumberField({ name, label }: NumberFieldProps) {
  const value = useStudio((state) => state.tuningSettings[name]);
  const set = useStudio((state) => state.setTuningSettings);
  return (
    <SettingEntry
      {...{ label, value }}
      isPossible={(to) => isPossible(name, to)}
      onChange={(to) => set({ [name]: to })}
    />
  );
}

/** Minutes; none where the steps alone decide. */
function BudgetField() {
  const seconds = useStudio((state) => state.tuningSettings.budgetSeconds);
  const set = useStudio((state) => state.setTuningSettings);
  const minutes = seconds === undefined ? undefined : seconds / 60;
  return (
    <div className="tune-number">
      <span>Time limit</span>
      <NumberEntry
        label="Minutes of training at most; 0: no limit"
        text={minutes === undefined ? 'none' : `${minutes} min`}
        value={String(minutes ?? 0)}
        onCommit={(to) => {
          const good = to === 0 || isPossible('budgetSeconds', 60 * to);
          if (good) set({ budgetSeconds: to === 0 ? undefined : 60 * to });
          return good;
        }}
      />
    </div>
  );
}

function More() {
  const name = useStudio((state) => state.tuningName);
  const usual = useStudio((state) => tuningName({ ...state, tuningName: undefined }));
  const setTuning = useStudio((state) => state.setTuning);
  return (
    <details className="tune-more">
      <summary>More</summary>
      <div className="tune-more__fields">
        <TextField
          label="Name of the tuned weights"
          value={name ?? ''}
          placeholder={usual}
          onChange={(next) => setTuning({ tuningName: next === '' ? undefined : next })}
        />
        <div className="tune-numbers">
          <NumberField name="learningRate" label="Learning rate" />
          <NumberField name="seed" label="Seed" />
          <NumberField name="validateEvery" label="Validate every" />
          <BudgetField />
        </div>
        <p className="muted small">
          A validation codes the held-back part at three rates, and is a checkpoint: what is before
          it survives a reload.
        </p>
      </div>
    </details>
  );
}

function Start() {
  const fault = useStudio(startFault);
  const question = useStudio((state) => state.tuningBandQuestion);
  const answer = useStudio((state) => state.answerTuningBands);
  const start = useStudio((state) => state.startTuning);
  if (question) {
    return (
      <>
        <p className="small">{question.name}:</p>
        <BandQuestionBox question={question} verb="Train on" onAnswer={answer} />
      </>
    );
  }
  return (
    <>
      <SlowStart />
      <StartButton fault={fault} testId="start-tuning" onStart={() => start()} />
    </>
  );
}
