import { useStudio } from '../../state/react';
import { useDrawingKeys } from './useDrawing';

/** While a polygon is drawn: what can be done next. */
export function DrawingHint() {
  const corners = useStudio((state) => state.drawing?.length);
  useDrawingKeys();
  if (corners === undefined) return null;
  return (
    <p className="drawing-hint" role="status">
      {corners < 3
        ? 'Click the corners of the polygon. Esc cancels.'
        : 'Enter or a double click closes, Backspace takes a corner back, Esc cancels.'}
    </p>
  );
}
