import { useMemo } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import { bandAxis, positionOf } from '../../state/bands';
import { useStudio, useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import type { Pixel } from '../../state/view';
import { Button } from '../../ui/controls';
import { FilePicker } from '../../ui/FilePicker';
import { bytes, count, small } from '../../ui/format';
import { PixelMark } from './overlays';
import { Pane } from './Pane';
import { PaneCaption, PaneProblem } from './PaneParts';
import { samePixel } from './ScenePane';
import { usePicture } from './usePicture';

const MAX_SIDE = 2048;

/** The window of the original that stands on the left, and where its top left corner is. */
function useComparedWindow(): PixelWindow | undefined {
  const result = useStudio((state) => state.result);
  const patch = useStudio((state) => state.patch);
  return useMemo(() => {
    if (result?.original) return result.original.window;
    if (!result) return patch;
    const { width, height } = result.reconstruction.info;
    return { x: 0, y: 0, width, height };
  }, [result, patch]);
}

/**
 * Pictures of both sides. The decoded picture's own percentiles stretch both, so that it looks
 * the same whether or not the original is open.
 */
function usePictures(result: Result | undefined, window: PixelWindow | undefined) {
  const cube = useStudio((state) => state.cube);
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const percentiles = useStudio((state) => state.percentiles);
  const wanted = mode === 'grey' ? [grey] : rgb;
  const decoded = result?.reconstruction;
  const axis = decoded && bandAxis(decoded.info, decoded.codedBands);
  const positions = axis ? wanted.map((band) => positionOf(axis, band)) : [];
  const whole = decoded && { x: 0, y: 0, width: decoded.info.width, height: decoded.info.height };
  const right = usePicture(
    decoded && {
      cube: decoded.id,
      window: whole,
      bands: positions,
      stretch: percentiles,
      maxSide: MAX_SIDE,
    },
  );
  const comparable = cube && window && (!result || result.original?.cube === cube.id);
  const stretch = decoded ? right.picture?.stretch : percentiles;
  const left = usePicture(
    comparable && stretch
      ? {
          cube: cube.id,
          window,
          bands: axis ? positions.map((position) => axis.bands[position]) : wanted,
          stretch,
          maxSide: MAX_SIDE,
        }
      : undefined,
  );
  return { left, right };
}

/** Original and reconstruction side by side under one camera and one cursor. */
export function ComparePanes() {
  const store = useStudioStore();
  const result = useStudio((state) => state.result);
  const cube = useStudio((state) => state.cube);
  const camera = useStudio((state) => state.compareCamera);
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const window = useComparedWindow();
  const { left, right } = usePictures(result, window);
  if (!window) return null;
  const { hover, pin, setCamera } = store.getState();
  const toScene = ({ x, y }: Pixel) => ({ x: x + window.x, y: y + window.y });
  const marks = [
    { pixel: hovered, pinned: false },
    { pixel: pinned, pinned: true },
  ];
  const shared = {
    image: window,
    camera,
    onCamera: (next: typeof camera) => setCamera('compare', next),
    onHover: (pixel: Pixel | undefined) => hover(pixel && toScene(pixel)),
    onClick: (pixel: Pixel) => {
      const at = toScene(pixel);
      pin(samePixel(pinned, at) ? undefined : at);
    },
    onArrow: (dx: number, dy: number) => {
      const from = pinned ?? toScene({ x: window.width >> 1, y: window.height >> 1 });
      pin({
        x: Math.min(window.x + window.width - 1, Math.max(window.x, from.x + dx)),
        y: Math.min(window.y + window.height - 1, Math.max(window.y, from.y + dy)),
      });
    },
    overlay: (placement: { zoom: number; left: number; top: number }) =>
      marks.map(
        (mark) =>
          mark.pixel && (
            <PixelMark
              key={String(mark.pinned)}
              pixel={{ x: mark.pixel.x - window.x, y: mark.pixel.y - window.y }}
              placement={placement}
              pinned={mark.pinned}
            />
          ),
      ),
  };
  const keys = 'Arrow keys move the pinned pixel.';
  const extent = `${count(window.width)} × ${count(window.height)}`;
  const whole = cube?.info.width === window.width && cube.info.height === window.height;

  return (
    <div className="compare">
      <figure className="figure">
        <PaneCaption
          title="Original"
          swatch="var(--original)"
          detail={
            cube && (!result || result.original)
              ? `${extent} ${whole ? 'pixels, the whole scene' : `at (${window.x}, ${window.y})`}`
              : cube
                ? 'not compared yet'
                : 'not open'
          }
        />
        <Pane {...shared} label={`Original. ${keys}`} testId="original" picture={left.picture}>
          <PaneProblem notice={left.notice} />
          {!left.picture && !left.notice && <NoOriginal />}
        </Pane>
      </figure>
      <figure className="figure">
        <PaneCaption
          title="Reconstruction"
          swatch="var(--accent)"
          detail={
            result
              ? `${result.reconstruction.codecLabel}, ${bytes(result.rate.bytes)}, ${small(result.rate.bpp)} bpp`
              : 'not encoded yet'
          }
        />
        <Pane
          {...shared}
          label={`Reconstruction. ${keys}`}
          testId="reconstruction"
          picture={right.picture}
        >
          <PaneProblem notice={right.notice} />
          {!result && <NoReconstruction />}
        </Pane>
      </figure>
    </div>
  );
}

function NoOriginal() {
  const cube = useStudio((state) => state.cube);
  const result = useStudio((state) => state.result);
  const comparing = useStudio((state) => state.comparing);
  const compare = useStudio((state) => state.compareWithCube);
  const openFiles = useStudio((state) => state.openFiles);
  if (!result || result.original) return null;
  return (
    <div className="pane__middle">
      <p className="muted">
        {cube
          ? `Find the decoded image in ${cube.info.name} and compare.`
          : 'Open the original to compare it with the decoded image.'}
      </p>
      {!cube && (
        <FilePicker label="The original of the decoded image" onFiles={openFiles}>
          Compare with…
        </FilePicker>
      )}
      {cube && (
        <Button disabled={comparing} onClick={compare}>
          {comparing ? 'Comparing…' : `Compare with ${cube.info.name}`}
        </Button>
      )}
    </div>
  );
}

function NoReconstruction() {
  const job = useStudio((state) => state.job);
  return (
    <div className="pane__middle">
      <p className="muted">
        {job ? job.label : 'Encode the patch: its bytes, decoded, are shown here.'}
      </p>
    </div>
  );
}
