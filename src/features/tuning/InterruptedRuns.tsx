import type { InterruptedRun } from '../../engine/tuningTypes';
import { useStudio } from '../../state/react';
import { asStudioRequest, offeredRuns } from '../../state/tuning';
import { bestValidation, isActive } from '../../state/tuningRun';
import { Panel } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { count } from '../../ui/format';
import { gainText } from './words';

const NONE: readonly InterruptedRun[] = [];

/** Runs that a reload, a crash or another visit left, with what they had reached. */
export function InterruptedRuns() {
  const kept = useStudio((state) => state.interruptedRuns);
  const run = useStudio((state) => state.tuningRun);
  const offered = kept.length > 0 ? offeredRuns({ interruptedRuns: kept, tuningRun: run }) : NONE;
  if (offered.length === 0) return null;
  return (
    <Panel title={offered.length === 1 ? 'Interrupted run' : 'Interrupted runs'}>
      {offered.map((one) => (
        <Offer key={one.request.run} kept={one} busy={isActive(run)} />
      ))}
    </Panel>
  );
}

function Offer({ kept, busy }: { kept: InterruptedRun; busy: boolean }) {
  const resume = useStudio((state) => state.resumeRun);
  const discard = useStudio((state) => state.discardRun);
  const { request, step, validations } = kept;
  const best = bestValidation(validations);
  const scenes = asStudioRequest(request)
    .scenes.map(({ name }) => name)
    .filter((name) => name !== '');
  return (
    <div className="tune-offer" data-testid="interrupted-run">
      <p>
        <strong>{request.name}</strong>: step {count(step)} of {count(request.settings.steps)} is
        safe
        {best && `, ${gainText(best.gain)} at step ${best.step}`}.
        {scenes.length > 0 && <span className="muted"> Trained on {scenes.join(', ')}.</span>}
      </p>
      <div className="tune-buttons">
        <Button variant="primary" disabled={busy} onClick={() => resume(request.run)}>
          Resume
        </Button>
        <Button onClick={() => discard(request.run)}>Discard</Button>
      </div>
    </div>
  );
}
