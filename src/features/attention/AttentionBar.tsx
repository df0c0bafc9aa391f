import type { AttentionShown } from '../../state/attention';
import { useStudio, useStudioStore } from '../../state/react';
import { Button, type Choice, Select } from '../../ui/controls';
import { saveFile } from '../result/download';
import './attention.css';
import { csvName, toCsv } from './exports';
import { useAvailable } from './useAttention';

/** What the heat map shows, and the way out for its numbers. */
export default function AttentionBar() {
  const store = useStudioStore();
  const shown = useStudio((state) => state.attentionView.shown);
  const setView = useStudio((state) => state.setAttentionView);
  const empty = useStudio((state) => state.attention === undefined);
  const available = useAvailable();
  const choices: (Choice<AttentionShown> & { detail: string })[] = [
    { value: 'patch', label: 'This patch', detail: 'B, where A is held' },
    { value: 'held', label: 'Held patch A', detail: 'Hold a patch first' },
    { value: 'difference', label: 'B − A', detail: 'This patch less the held one' },
    { value: 'mean', label: 'Mean of patches', detail: 'Over patches spread over the scene' },
    { value: 'spread', label: 'Spread of patches', detail: 'Standard deviation over patches' },
  ];
  const save = () => {
    const { attention } = store.getState();
    if (!attention) return;
    saveFile(csvName(attention), new TextEncoder().encode(toCsv(attention, store.getState())));
  };
  return (
    <div className="attention-bar">
      <Select
        label="What the map shows"
        value={shown}
        choices={choices.map((choice) => ({ ...choice, disabled: !available[choice.value] }))}
        onChange={(value) => setView({ shown: value })}
      />
      <Button icon="save" disabled={empty} data-testid="export-gates" onClick={save}>
        CSV
      </Button>
    </div>
  );
}
