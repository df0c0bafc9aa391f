import { useStudio } from '../../state/react';
import { Segmented, Select } from '../../ui/controls';
import { type ColourScale, gradientOf } from './colours';
import { valueText } from './text';

const THRESHOLDS = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

/** Legend, order of channels, colours, and what counts as a closed gate. */
export function MapTools({ scale, empty }: { scale: ColourScale; empty: boolean }) {
  const view = useStudio((state) => state.attentionView);
  const setView = useStudio((state) => state.setAttentionView);
  return (
    <div className="gates__tools">
      <Legend scale={scale} empty={empty} />
      <Segmented
        label="Order of channels"
        value={view.sort}
        choices={[
          { value: 'index', label: 'By number' },
          { value: 'value', label: 'By value' },
        ]}
        onChange={(sort) => setView({ sort })}
      />
      <Segmented
        label="Range of the colours"
        value={view.scale}
        choices={[
          { value: 'whole', label: wholeRange(view.shown) },
          { value: 'stretch', label: 'What occurs' },
        ]}
        onChange={(next) => setView({ scale: next })}
      />
      <Select
        label="Gates below it count as closed"
        value={String(view.threshold)}
        choices={THRESHOLDS.map((value) => ({
          value: String(value),
          label: `Closed < ${value}`,
        }))}
        onChange={(value) => setView({ threshold: Number(value) })}
      />
    </div>
  );
}

function wholeRange(shown: string): string {
  if (shown === 'difference') return '±1';
  return shown === 'spread' ? '0 to 0.5' : '0 to 1';
}

function Legend({ scale, empty }: { scale: ColourScale; empty: boolean }) {
  return (
    <div className="gates__legend" style={{ visibility: empty ? 'hidden' : undefined }}>
      <span>{valueText(scale, scale.low)}</span>
      <span
        className="gates__gradient"
        style={{ backgroundImage: gradientOf(scale) }}
        aria-hidden="true"
      />
      <span>{valueText(scale, scale.high)}</span>
    </div>
  );
}
