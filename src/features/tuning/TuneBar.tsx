import { plainName } from '../../core/fileNames';
import type { Ablation } from '../../state/ablation';
import { useStudio, useStudioStore } from '../../state/react';
import type { TuningRun } from '../../state/tuningRun';
import { Segmented } from '../../ui/controls';
import { ExportMenu } from '../../ui/ExportMenu';
import { type Export, figureExports, tableExport } from '../../ui/exports';
import { ablationCsv } from './ablationRows';
import { exportName, toCsv } from './exports';

/** What the stage shows, and the ways out for the curves. */
export default function TuneBar() {
  const shown = useStudio((state) => state.tuningShown);
  const setTuning = useStudio((state) => state.setTuning);
  return (
    <div className="tune-bar">
      <Segmented
        label="What is shown of fine-tuning"
        value={shown}
        choices={[
          { value: 'split', label: 'Split' },
          { value: 'progress', label: 'Progress' },
          { value: 'ablation', label: 'Ablation' },
        ]}
        onChange={(next) => setTuning({ tuningShown: next })}
      />
      {shown === 'ablation' ? <AblationExport /> : <CurvesExport />}
    </div>
  );
}

function CurvesExport() {
  const store = useStudioStore();
  const run = useStudio(({ tuningRun }) => tuningRun);
  const draw = async (drawn: TuningRun) => {
    const { drawRun } = await import('./drawing');
    const start = drawn.request.codec;
    const codec = store.getState().codecs.find(({ id }) => id === start);
    return drawRun(drawn, codec?.label ?? start);
  };
  const exportsOf = (drawn: TuningRun): readonly Export[] => {
    const base = exportName(drawn);
    return [
      tableExport(base, 'one row a step, one a validation file', () => toCsv(drawn)),
      ...figureExports(base, () => draw(drawn)),
    ];
  };
  return (
    <ExportMenu
      what="the curves of the run"
      testId="export-tuning"
      disabled={!run || run.validations.length === 0}
      choices={run ? exportsOf(run) : []}
    />
  );
}

function AblationExport() {
  const ablation = useStudio((state) => state.ablation);
  const draw = async (drawn: Ablation) => {
    const { drawAblation } = await import('./drawing');
    return drawAblation(drawn);
  };
  const exportsOf = (drawn: Ablation): readonly Export[] => {
    const base = `${plainName(drawn.name)}_ablation`;
    return [
      tableExport(base, 'one row a check of a network', () => ablationCsv(drawn)),
      ...figureExports(base, () => draw(drawn)),
    ];
  };
  return (
    <ExportMenu
      what="the ablation"
      testId="export-ablation"
      disabled={!ablation || Object.keys(ablation.lanes).length === 0}
      choices={ablation ? exportsOf(ablation) : []}
    />
  );
}
