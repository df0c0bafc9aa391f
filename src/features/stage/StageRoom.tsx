import { useStudio, useStudioStore } from '../../state/react';
import { Button, IconButton, Segmented } from '../../ui/controls';
import { ComparePanes } from './ComparePanes';
import { ScenePane } from './ScenePane';
import { SpectrumStrip } from './SpectrumStrip';
import './stage.css';
import { zoomStage } from './zoomStage';

/** The middle of the studio: pictures above, spectra below. */
export function StageRoom() {
  const store = useStudioStore();
  const cube = useStudio((state) => state.cube);
  const fileName = useStudio((state) => state.result?.fileName);
  const stage = useStudio((state) => state.stage);
  const setStage = useStudio((state) => state.setStage);
  const setCamera = useStudio((state) => state.setCamera);
  const shown = cube ? stage : 'compare';
  return (
    <main className="stage">
      <h1 className="visually-hidden">{cube?.info.name ?? fileName}</h1>
      <div className="stage__bar">
        <Segmented
          label="What the stage shows"
          value={shown}
          choices={[
            { value: 'scene', label: 'Scene', disabled: !cube },
            { value: 'compare', label: 'Compare' },
          ]}
          onChange={setStage}
        />
        <div className="stage__zoom">
          <IconButton icon="minus" label="Zoom out (−)" onClick={() => zoomStage(store, -1)} />
          <IconButton icon="plus" label="Zoom in (+)" onClick={() => zoomStage(store, 1)} />
          <Button variant="quiet" onClick={() => setCamera(shown, { zoom: 'fit' })}>
            Fit
          </Button>
        </div>
      </div>
      {shown === 'scene' ? <ScenePane /> : <ComparePanes />}
      <SpectrumStrip />
    </main>
  );
}
