import { centerOf } from '../../state/patch';
import { useStudio, useStudioStore } from '../../state/react';
import { type Pixel, samePixel } from '../../state/view';
import { count } from '../../ui/format';
import { PatchFrame, PixelMark } from './overlays';
import { Pane } from './Pane';
import { PaneCaption, PaneProblem } from './PaneParts';
import { usePicture } from './usePicture';

const MAX_SIDE = 4096;

/** The whole cube with the patch frame on it. */
export function ScenePane() {
  const store = useStudioStore();
  const cube = useStudio((state) => state.cube);
  const patch = useStudio((state) => state.patch);
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const stretch = useStudio((state) => state.percentiles);
  const camera = useStudio((state) => state.sceneCamera);
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const bands = mode === 'grey' ? [grey] : rgb;
  const { picture, notice } = usePicture(
    cube && { cube: cube.id, bands, stretch, maxSide: MAX_SIDE },
  );
  if (!cube || !patch) return null;
  const { info } = cube;
  const whole = patch.width === info.width && patch.height === info.height;
  const { movePatch, hover, pin, setCamera } = store.getState();
  const togglePin = (pixel: Pixel) => pin(samePixel(pinned, pixel) ? undefined : pixel);
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
        onDoubleClick={centerPatch}
        onArrow={(dx, dy) => movePatch(patch.x + dx, patch.y + dy)}
        overlay={(placement) => (
          <>
            <PatchFrame
              patch={patch}
              scene={info}
              placement={placement}
              fixed={whole}
              onMove={movePatch}
              onClick={togglePin}
            />
            {hovered && <PixelMark pixel={hovered} placement={placement} pinned={false} />}
            {pinned && <PixelMark pixel={pinned} placement={placement} pinned />}
          </>
        )}
      >
        <PaneProblem notice={notice} />
        <span className="visually-hidden" aria-live="polite">
          Patch centre at column {Math.round(middleX)}, row {Math.round(middleY)}
        </span>
      </Pane>
    </figure>
  );
}
