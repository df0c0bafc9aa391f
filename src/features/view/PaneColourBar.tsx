import type { Picture } from '../../engine/api';
import { currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';
import { ColourBar } from '../../ui/ColourBar';
import { significant } from '../../ui/format';

/** What the colours of a pane's single band stand for; nothing while several bands are shown. */
export function PaneColourBar({ picture }: { picture: Picture | undefined }) {
  const map = useStudio((state) => (state.colourMode === 'grey' ? state.colourMap : undefined));
  const unit = useStudio(
    (state) => (state.cube?.info ?? currentResult(state)?.reconstruction.info)?.units,
  );
  if (!map || picture?.stretch.length !== 1) return null;
  const [{ low, high }] = picture.stretch;
  return (
    <div className="pane__colours" data-testid="colour-bar">
      <ColourBar map={map} low={significant(low)} high={significant(high)} unit={unit} />
    </div>
  );
}
