import { comparedWindow } from '../../state/canvas';
import type { StudioStore } from '../../state/store';
import { isPictureStage } from '../../state/view';
import { fitZoom, stepZoom } from './camera';

/** Zooms the stage by one level around the middle of its first pane. */
export function zoomStage(store: StudioStore, direction: 1 | -1): void {
  const state = store.getState();
  const { stage, cube, sceneCamera, compareCamera, setCamera } = state;
  if (!isPictureStage(stage) && stage !== 'bits' && stage !== 'tune') return;
  const scene = (stage === 'scene' || stage === 'tune') && cube !== undefined;
  const camera = scene ? sceneCamera : compareCamera;
  const image = scene ? cube.info : comparedWindow(state);
  const pane = document.querySelector<HTMLElement>('.pane');
  if (!image || !pane) return;
  const size = { width: pane.clientWidth, height: pane.clientHeight };
  const zoom = camera.zoom === 'fit' ? fitZoom(image, size) : camera.zoom;
  setCamera(scene ? 'scene' : 'compare', { ...camera, zoom: stepZoom(zoom, direction) });
}
