import { useStudio } from '../../state/react';
import { AblationView } from './AblationView';
import { ProgressView } from './ProgressView';
import { SplitPane } from './SplitPane';
import './tuning.css';

const VIEWS = { split: SplitPane, progress: ProgressView, ablation: AblationView };

/** The room of fine-tuning: how the scene is split, how the run goes, what blocks are worth. */
export default function TuneRoom() {
  const View = VIEWS[useStudio((state) => state.tuningShown)];
  return <View />;
}
