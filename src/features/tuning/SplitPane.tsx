import { useEffect } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import { bandAxis } from '../../state/bands';
import { useStudio, useStudioStore } from '../../state/react';
import type { StudioState } from '../../state/store';
import { cubeOfScene } from '../../state/tuning';
import { isActive } from '../../state/tuningRun';
import { trainedShare } from '../../state/tuningSplit';
import { NoticeBox } from '../../ui/blocks';
import { fixed } from '../../ui/format';
import { Pane } from '../stage/Pane';
import { PaneCaption, PaneProblem } from '../stage/PaneParts';
import { bandsOf, usePictureView } from '../stage/pictureView';
import { usePicture } from '../stage/usePicture';
import { HeldBackFrame } from './HeldBackFrame';

const MAX_SIDE = 2048;

/** What the run that goes on holds back of the open cube. */
function heldBackByRun(state: StudioState): PixelWindow | undefined {
  const { tuningRun, cube } = state;
  if (!tuningRun || !isActive(tuningRun)) return undefined;
  const scene = tuningRun.request.scenes.find((one) => cubeOfScene(one, state)?.id === cube?.id);
  return scene?.heldBack;
}

/** The open scene with the part that is never trained on. */
export function SplitPane() {
  const store = useStudioStore();
  const cube = useStudio((state) => state.cube);
  const split = useStudio((state) => (cube ? state.splits[cube.id] : undefined));
  const inRun = useStudio(heldBackByRun);
  const suggest = useStudio((state) => state.suggestSplit);
  const view = usePictureView();
  const stretch = useStudio((state) => state.percentiles);
  const camera = useStudio((state) => state.sceneCamera);
  const id = cube?.id;
  useEffect(() => {
    if (id) suggest(id);
  }, [id, suggest]);
  const { picture, notice } = usePicture(
    cube && {
      cube: cube.id,
      ...bandsOf(view, bandAxis(cube.info)),
      stretch,
      maxSide: MAX_SIDE,
      colourMap: view.colourMap,
    },
  );
  if (!cube) return null;
  const { info } = cube;
  const heldBack = inRun ?? split?.heldBack;
  const { setHeldBack, setCamera, hover } = store.getState();
  const change = (window: PixelWindow) => setHeldBack(cube.id, window);
  return (
    <figure className="figure">
      <PaneCaption title="Split" detail={heldBack ? words(heldBack, info) : ''} />
      <Pane
        label={`Scene ${info.name}. Arrow keys move the part held back, with Shift by 16 pixels; Tab leads to its edges.`}
        testId="split"
        image={info}
        picture={picture}
        camera={camera}
        onCamera={(next) => setCamera('scene', next)}
        onHover={hover}
        onClick={() => {}}
        onArrow={(dx, dy) => {
          if (heldBack && !inRun) change({ ...heldBack, x: heldBack.x + dx, y: heldBack.y + dy });
        }}
        overlay={(placement) =>
          heldBack && (
            <HeldBackFrame
              heldBack={heldBack}
              scene={info}
              placement={placement}
              fixed={inRun !== undefined}
              onChange={change}
            />
          )
        }
      >
        <PaneProblem notice={notice} />
        {split?.fault && (
          <div className="pane__middle">
            <NoticeBox>{split.fault}</NoticeBox>
          </div>
        )}
        <span className="visually-hidden" aria-live="polite">
          {heldBack && !inRun ? words(heldBack, info) : ''}
        </span>
      </Pane>
    </figure>
  );
}

function words({ x, y, width, height }: PixelWindow, scene: { width: number; height: number }) {
  const trained = trainedShare({ x, y, width, height }, scene);
  return `held back: ${width} × ${height} pixels at (${x}, ${y}); trained on: the other ${fixed(100 * trained, 0)} %`;
}
