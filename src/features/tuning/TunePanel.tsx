import { useStudio } from '../../state/react';
import { isActive } from '../../state/tuningRun';
import { NoticeBox } from '../../ui/blocks';
import { AblationPanel } from './AblationPanel';
import { InterruptedRuns } from './InterruptedRuns';
import { RunPanel } from './RunPanel';
import { SetupPanel } from './SetupPanel';
import './tuning.css';
import { WeightsPanel } from './WeightsPanel';

/** What is trained and how, the run, and the weights that came of it. */
export default function TunePanel() {
  const run = useStudio((state) => state.tuningRun);
  const notice = useStudio((state) => state.tuningNotice);
  const dismiss = useStudio((state) => state.dismissTuningNotice);
  const shown = useStudio((state) => state.tuningShown);
  if (shown === 'ablation') return <AblationPanel />;
  return (
    <>
      {notice && (
        <div className="tune-notice">
          <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>
        </div>
      )}
      <InterruptedRuns />
      {run && <RunPanel run={run} />}
      {!isActive(run) && <SetupPanel />}
      <WeightsPanel />
    </>
  );
}
