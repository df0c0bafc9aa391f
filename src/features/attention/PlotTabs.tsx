import { useStudio } from '../../state/react';
import { Segmented } from '../../ui/controls';

/** What the plot at the foot of the room shows. */
export function PlotTabs() {
  const plot = useStudio((state) => state.attentionView.plot);
  const setView = useStudio((state) => state.setAttentionView);
  return (
    <Segmented
      label="What the plot shows"
      value={plot}
      choices={[
        { value: 'bands', label: 'Input bands' },
        { value: 'pixel', label: 'Pixel' },
      ]}
      onChange={(next) => setView({ plot: next })}
    />
  );
}
