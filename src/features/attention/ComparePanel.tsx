import type { ReadAttention } from '../../state/attention';
import { useStudio } from '../../state/react';
import { Panel } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { ChannelList } from './ChannelList';
import { difference, largest } from './statistics';
import { signed } from './text';
import { useAvailable } from './useAttention';

const LISTED = 5;

const place = ({ cubeName, of }: ReadAttention) =>
  `${cubeName}, ${of.window.width} × ${of.window.height} at (${of.window.x}, ${of.window.y})`;

/** Holds the gates of one patch as A, beside those of the next patch or cube. */
export function ComparePanel() {
  const read = useStudio((state) => state.attention);
  const held = useStudio((state) => state.attentionHeld);
  const comparable = useAvailable().difference;
  const hold = useStudio((state) => state.holdAttention);
  const release = useStudio((state) => state.releaseHeld);
  const setView = useStudio((state) => state.setAttentionView);
  const same = read !== undefined && read === held;
  return (
    <Panel title="Two patches">
      <p className="small" data-testid="held-patch">
        {held ? (
          <>
            <span className="muted">A</span> {place(held)}
          </>
        ) : (
          <span className="muted">Hold this patch as A, then move on or open another image.</span>
        )}
      </p>
      <div className="attention-buttons">
        <Button disabled={!read || same} data-testid="hold-patch" onClick={hold}>
          {held ? 'Hold this one' : 'Hold as A'}
        </Button>
        {held && <Button onClick={release}>Release</Button>}
        {held && (
          <Button
            disabled={!comparable || same}
            data-testid="show-difference"
            onClick={() => setView({ shown: 'difference', scale: 'stretch' })}
          >
            Show B − A
          </Button>
        )}
      </div>
      {held && read && !comparable && (
        <p className="muted small">
          Other weights: only patches coded with the same codec and spectral range compare.
        </p>
      )}
      {held && read && comparable && !same && (
        <ChannelList
          title="Largest differences"
          channels={largest(difference(read.blocks, held.blocks), LISTED)}
          text={signed}
        />
      )}
    </Panel>
  );
}
