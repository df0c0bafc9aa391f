import { useEffect, useState } from 'react';
import { useStudio } from '../state/react';
import { Button } from '../ui/controls';

/** Most files open sooner, and nothing should flash for them. */
const SHOWN_AFTER_MS = 700;

/** What is being opened, with a way out of it. Readers do not tell how far they are. */
export function Opening({ name }: { name: string }) {
  const cancel = useStudio((state) => state.cancelOpening);
  const job = useStudio((state) => state.job !== undefined);
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <span className="opening">
      <span className="truncate">Opening {name}…</span>
      {long && !job && (
        <>
          <span className="progress" role="progressbar" aria-label={`Opening ${name}`}>
            <span className="progress__bar" />
          </span>
          <Button onClick={cancel}>
            Cancel <kbd>Esc</kbd>
          </Button>
        </>
      )}
    </span>
  );
}
