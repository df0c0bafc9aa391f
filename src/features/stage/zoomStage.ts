import type { StudioStore } from '../../state/store';
import { fitZoom, stepZoom } from './camera';

/** Zooms the stage by one level around the middle of its first pane. */
export function zoomStage(store: StudioStore, direction: 1 | -1): void {
  const { stage, cube, sceneCamera, compareCamera, patch, result, setCamera } = store.getState();
  if (stage === 'curves') return;
  const scene = stage === 'scene' && cube !== undefined;
  const camera = scene ? sceneCamera : compareCamera;
  const image = scene ? cube.info : (result?.reconstruction.info ?? patch);
  const pane = document.querySelector<HTMLElement>('.pane');
  if (!image || !pane) return;
  const size = { width: pane.clientWidth, height: pane.clientHeight };
  const zoom = camera.zoom === 'fit' ? fitZoom(image, size) : camera.zoom;
  setCamera(scene ? 'scene' : 'compare', { ...camera, zoom: stepZoom(zoom, direction) });
}
