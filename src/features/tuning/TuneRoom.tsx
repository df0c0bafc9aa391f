import { useStudio } from '../../state/react';
import { ProgressView } from './ProgressView';
import { SplitPane } from './SplitPane';
import './tuning.css';

/** The room of fine-tuning: how the scene is split, or how the run goes. */
export default function TuneRoom() {
  const shown = useStudio((state) => state.tuningShown);
  return shown === 'progress' ? <ProgressView /> : <SplitPane />;
}
