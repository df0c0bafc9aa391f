import { useEffect, useState } from 'react';
import { currentResult } from '../../state/panes';
import { useStudioStore } from '../../state/react';

const KEY = 'hsc-opened';

/** Storage may be blocked: then every visit looks like the first. */
function openedBefore(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Whether nothing has ever been opened in this browser. */
export function useFirstVisit(): boolean {
  const store = useStudioStore();
  const [first] = useState(() => !openedBefore());
  useEffect(
    () =>
      store.subscribe((state) => {
        if (!state.cube && !currentResult(state)) return;
        try {
          localStorage.setItem(KEY, '1');
        } catch {
          // The example is then shown again.
        }
      }),
    [store],
  );
  return first;
}
