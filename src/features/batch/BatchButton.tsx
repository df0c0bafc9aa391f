import { lazy, Suspense } from 'react';
import { isBusy } from '../../state/batch';
import { useStudio } from '../../state/react';
import { Button } from '../../ui/controls';

const BatchDialog = lazy(() => import('./BatchDialog'));

/** Opens the batch and tells how far it is. */
export function BatchButton() {
  const open = useStudio((state) => state.batchOpen);
  const setOpen = useStudio((state) => state.setBatchOpen);
  const percent = useStudio(({ batch }) =>
    batch && isBusy(batch) ? ` ${Math.floor(100 * batch.done)} %` : '',
  );
  return (
    <>
      <Button variant="quiet" icon="folder" data-testid="batch" onClick={() => setOpen(true)}>
        Batch{percent}
      </Button>
      {open && (
        <Suspense>
          <BatchDialog />
        </Suspense>
      )}
    </>
  );
}
