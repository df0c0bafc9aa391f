import { centerOf } from '../../state/patch';
import { useStudio, useStudioStore } from '../../state/react';
import type { Pixel } from '../../state/view';
import { count } from '../../ui/format';
import { MarksOverlay } from '../spectra/MarksOverlay';
import { useDrawing } from '../spectra/useDrawing';
import { PaneColourBar } from '../view/PaneColourBar';
import { PatchFrame, PixelMark } from './overlays';
import { Pane } from './Pane';
import { PaneCaption, PaneProblem } from './PaneParts';
import { useSceneSource } from './pictureView';
import { usePicture } from './usePicture';

/** The whole cube with the patch frame on it. */
export function ScenePane() {
  const store = useStudioStore();
  const cube = useStudio((state) => state.cube);
  const patch = useStudio((state) => state.patch);
  const source = useSceneSource();
  const colourMap = useStudio((state) => state.colourMap);
  const stretch = useStudio((state) => state.percentiles);
  const camera = useStudio((state) => state.sceneCamera);
  const hovered = useStudio((state) => state.hovered);
  const drawing = useDrawing();
  const { picture, notice } = usePicture(source && { ...source, stretch, colourMap });
  if (!cube || !patch) return null;
  const { info } = cube;
  const whole = patch.width === info.width && patch.height === info.height;
  const { movePatch, resizePatch, hover, togglePin, addRegion, setCamera } = store.getState();
  const centerPatch = ({ x, y }: Pixel) => movePatch(x - patch.width / 2, y - patch.height / 2);
  const { x: middleX, y: middleY } = centerOf(patch);

  return (
    <figure className="figure">
      <PaneCaption
        title="Scene"
        detail={
          whole
            ? `the whole of ${count(info.width)} × ${count(info.height)} pixels will be encoded`
            : `patch ${patch.width} × ${patch.height} at (${patch.x}, ${patch.y})`
        }
      />
      <Pane
        label={`Scene ${info.name}. Arrow keys move the patch, with Shift by 16 pixels.`}
        testId="scene"
        image={info}
        picture={picture}
        camera={camera}
        onCamera={(next) => setCamera('scene', next)}
        onHover={hover}
        onClick={togglePin}
        onRegion={addRegion}
        drawing={drawing}
        onDoubleClick={centerPatch}
        onArrow={(dx, dy) => movePatch(patch.x + dx, patch.y + dy)}
        overlay={(placement) => (
          <>
            <PatchFrame
              patch={patch}
              scene={info}
              placement={placement}
              fixed={whole || drawing !== undefined}
              onMove={movePatch}
              onResize={resizePatch}
              onClick={togglePin}
            />
            {hovered && <PixelMark pixel={hovered} placement={placement} />}
            <MarksOverlay
              placement={placement}
              window={{ x: 0, y: 0, width: info.width, height: info.height }}
            />
          </>
        )}
      >
        <PaneProblem notice={notice} />
        <PaneColourBar picture={picture} />
        <span className="visually-hidden" aria-live="polite">
          Patch centre at column {Math.round(middleX)}, row {Math.round(middleY)}
        </span>
      </Pane>
    </figure>
  );
}
