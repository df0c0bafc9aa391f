import type { AttentionShown, ReadAttention } from '../../state/attention';
import { useStudio, useStudioStore } from '../../state/react';
import { type Choice, Select } from '../../ui/controls';
import { ExportMenu } from '../../ui/ExportMenu';
import { type Export, figureExports, tableExport } from '../../ui/exports';
import './attention.css';
import { attentionBase, toCsv } from './exports';
import { drawGates, drawPictures } from './figures';
import { useAvailable, useShownValues } from './useAttention';

const CHOICES: readonly (Choice<AttentionShown> & { readonly detail: string })[] = [
  { value: 'patch', label: 'This patch', detail: 'B, where A is held' },
  { value: 'held', label: 'Held patch A', detail: 'Hold a patch first' },
  { value: 'difference', label: 'B − A', detail: 'This patch less the held one' },
  { value: 'mean', label: 'Mean of patches', detail: 'Over patches spread over the scene' },
  { value: 'spread', label: 'Spread of patches', detail: 'Standard deviation over patches' },
];

/** What the heat map shows, and the ways out for it. */
export default function AttentionBar() {
  const shown = useStudio((state) => state.attentionView.shown);
  const setView = useStudio((state) => state.setAttentionView);
  const read = useStudio((state) => state.attention);
  const available = useAvailable();
  return (
    <div className="attention-bar">
      <Select
        label="What the map shows"
        value={shown}
        choices={CHOICES.map((choice) => ({ ...choice, disabled: !available[choice.value] }))}
        onChange={(value) => setView({ shown: value })}
      />
      <ExportMenu
        what="the gates"
        testId="export-gates"
        disabled={!read}
        choices={useExports(read)}
      />
    </div>
  );
}

function useExports(read: ReadAttention | undefined): readonly Export[] {
  const store = useStudioStore();
  const shown = useStudio((state) => state.attentionView.shown);
  const blocks = useShownValues();
  if (!read) return [];
  const base = attentionBase(read);
  const grouped = (group: string, exports: readonly Export[]) =>
    exports.map((one) => ({ ...one, group }));
  return [
    ...grouped('Heat map', [
      tableExport(`${base}_gates`, 'one row a channel, all that is known', () =>
        toCsv(read, store.getState()),
      ),
      ...figureExports(`${base}_gates-${shown}`, () => drawGates(store.getState(), read, blocks)),
    ]),
    ...grouped(
      'Pictures',
      figureExports(`${base}_pictures`, () => drawPictures(store.getState(), read, document)),
    ),
  ];
}
