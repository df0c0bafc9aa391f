import { useStore } from 'zustand';
import { NoticeBox } from '../ui/blocks';
import { Button } from '../ui/controls';
import { dismissUpdate, takeUpdate, updates } from './offline';

/** Says that a new version waits; nothing is reloaded unasked. */
export function UpdateNotice() {
  const waiting = useStore(updates, (state) => state.waiting);
  if (!waiting) return null;
  return (
    <NoticeBox
      kind="info"
      onClose={dismissUpdate}
      actions={<Button onClick={takeUpdate}>Reload</Button>}
    >
      A new version is ready. Reloading closes what is open.
    </NoticeBox>
  );
}
