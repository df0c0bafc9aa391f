import { type CodecPane, isUpToDate } from '../../state/panes';
import { useStudio } from '../../state/react';
import { fixed, small } from '../../ui/format';
import { lostText } from '../lostText';

/** The figures of the file that is shown; muted while the settings say something else. */
export function Outcome({ pane }: { pane: CodecPane }) {
  const current = useStudio((state) => !pane.result?.madeBy || isUpToDate(pane, state));
  const working = useStudio((state) => state.encodingPane === pane.id && state.job !== undefined);
  const { result } = pane;
  if (!result) return null;
  const { distortion, rate } = result;
  const lost = lostText(result.reconstruction);
  const old = !current || working;
  return (
    <span className={`outcome truncate${old ? ' outcome--old' : ''}`}>
      {working && 'encoding… '}
      {distortion && `${fixed(distortion.psnr, 2)} dB · ${fixed(distortion.samDegrees, 2)}° · `}
      {small(rate.bpp)} bpp
      {lost && ` · ${lost}`}
    </span>
  );
}
