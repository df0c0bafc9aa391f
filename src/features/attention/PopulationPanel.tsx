import { useState } from 'react';
import { SURVEY_COUNTS, type SurveyCount, surveyWindows } from '../../state/attentionSurvey';
import { useStudio } from '../../state/react';
import { Field, Panel, ProgressBar } from '../../ui/blocks';
import { Button, Select } from '../../ui/controls';
import { ChannelList } from './ChannelList';
import { largest } from './statistics';
import { fine } from './text';
import { usePopulation } from './useAttention';

const LISTED = 8;

/** Gates over many patches: what the scene has in common, and which channels tell patches apart. */
export function PopulationPanel() {
  const cube = useStudio((state) => state.cube);
  const patch = useStudio((state) => state.patch);
  const found = useStudio((state) => state.attentionPopulation);
  const ready = useStudio((state) => state.attention !== undefined);
  const survey = useStudio((state) => state.surveyAttention);
  const cancel = useStudio((state) => state.cancelAttention);
  const [count, setCount] = useState<SurveyCount>(9);
  if (!cube || !patch) return null;
  const { width, height } = surveyWindows(count, patch, cube.info)[0];
  const running = found?.state === 'running' || found?.state === 'cancelling';
  const read = found?.patches.length ?? 0;
  return (
    <Panel title="Many patches">
      <Field label="Spread over the scene" value={`${width} × ${height} pixels each`}>
        <div className="attention-buttons">
          <Select
            label="Number of patches"
            value={String(count)}
            choices={SURVEY_COUNTS.map((n) => ({ value: String(n), label: `${n} patches` }))}
            onChange={(value) => setCount(Number(value) as SurveyCount)}
          />
          {running ? (
            <Button disabled={found.state === 'cancelling'} onClick={() => cancel()}>
              Cancel
            </Button>
          ) : (
            <Button disabled={!ready} data-testid="survey-attention" onClick={() => survey(count)}>
              Read
            </Button>
          )}
        </div>
      </Field>
      {running && <ProgressBar done={found.done} label="Reading the patches" />}
      <p className="small muted" aria-live="polite" data-testid="population-state">
        {found && `${read} of ${found.windows.length} patches read`}
        {found?.state === 'cancelled' && ', then stopped'}
      </p>
      {read > 1 && <Findings />}
    </Panel>
  );
}

function Findings() {
  const { spread } = usePopulation();
  const setView = useStudio((state) => state.setAttentionView);
  return (
    <>
      <div className="attention-buttons">
        <Button onClick={() => setView({ shown: 'mean' })}>Show mean</Button>
        <Button
          data-testid="show-spread"
          onClick={() => setView({ shown: 'spread', scale: 'stretch' })}
        >
          Show spread
        </Button>
      </div>
      <ChannelList
        title="Channels that vary most (standard deviation)"
        channels={largest(spread, LISTED)}
        text={fine}
      />
    </>
  );
}
