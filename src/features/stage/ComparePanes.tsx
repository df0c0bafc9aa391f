import type { ReactNode } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import { useStudio, useStudioStore } from '../../state/react';
import { type Pixel, samePixel } from '../../state/view';
import { Button } from '../../ui/controls';
import { FilePicker } from '../../ui/FilePicker';
import { bytes, count, small } from '../../ui/format';
import type { Placement } from './camera';
import { PixelMark } from './overlays';
import { Pane, type PaneProps } from './Pane';
import { PaneCaption, PaneProblem } from './PaneParts';
import { useComparedWindow, usePicturePair } from './useComparison';

type LinkedProps = Omit<PaneProps, 'label' | 'testId' | 'picture' | 'children'>;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** One camera, one cursor and one pin for both panes. */
function useLinkedPanes(window: PixelWindow): LinkedProps {
  const store = useStudioStore();
  const camera = useStudio((state) => state.compareCamera);
  const hovered = useStudio((state) => state.hovered);
  const pinned = useStudio((state) => state.pinned);
  const { hover, pin, setCamera } = store.getState();
  const toScene = ({ x, y }: Pixel) => ({ x: x + window.x, y: y + window.y });
  const mark = (pixel: Pixel | undefined, placement: Placement, isPin: boolean): ReactNode =>
    pixel && (
      <PixelMark
        pixel={{ x: pixel.x - window.x, y: pixel.y - window.y }}
        placement={placement}
        pinned={isPin}
      />
    );
  return {
    image: window,
    camera,
    onCamera: (next) => setCamera('compare', next),
    onHover: (pixel) => hover(pixel && toScene(pixel)),
    onClick: (pixel) => {
      const at = toScene(pixel);
      pin(samePixel(pinned, at) ? undefined : at);
    },
    onArrow: (dx, dy) => {
      const from = pinned ?? toScene({ x: window.width >> 1, y: window.height >> 1 });
      pin({
        x: clamp(from.x + dx, window.x, window.x + window.width - 1),
        y: clamp(from.y + dy, window.y, window.y + window.height - 1),
      });
    },
    overlay: (placement) => (
      <>
        {mark(hovered, placement, false)}
        {mark(pinned, placement, true)}
      </>
    ),
  };
}

/** Original and reconstruction side by side. */
export function ComparePanes() {
  const window = useComparedWindow();
  return window && <LinkedPanes window={window} />;
}

const KEYS = 'Arrow keys move the pinned pixel.';

function LinkedPanes({ window }: { window: PixelWindow }) {
  const result = useStudio((state) => state.result);
  const { original, reconstruction } = usePicturePair(window);
  const linked = useLinkedPanes(window);
  return (
    <div className="compare">
      <figure className="figure">
        <PaneCaption
          title="Original"
          swatch="var(--original)"
          detail={<OriginalDetail window={window} />}
        />
        <Pane {...linked} label={`Original. ${KEYS}`} testId="original" picture={original.picture}>
          <PaneProblem notice={original.notice} />
          <NoOriginal />
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
          {...linked}
          label={`Reconstruction. ${KEYS}`}
          testId="reconstruction"
          picture={reconstruction.picture}
        >
          <PaneProblem notice={reconstruction.notice} />
          {!result && <NoReconstruction />}
        </Pane>
      </figure>
    </div>
  );
}

function OriginalDetail({ window }: { window: PixelWindow }) {
  const cube = useStudio((state) => state.cube);
  const placed = useStudio((state) => !state.result || state.result.original !== undefined);
  if (!cube) return 'not open';
  if (!placed) return 'not compared yet';
  const whole = cube.info.width === window.width && cube.info.height === window.height;
  const where = whole ? 'pixels, the whole scene' : `at (${window.x}, ${window.y})`;
  return `${count(window.width)} × ${count(window.height)} ${where}`;
}

/** The way to an original while a file is shown without one. */
function NoOriginal() {
  const cube = useStudio((state) => state.cube);
  const alone = useStudio((state) => state.result !== undefined && !state.result.original);
  const comparing = useStudio((state) => state.comparing);
  const compare = useStudio((state) => state.compareWithCube);
  const openFiles = useStudio((state) => state.openFiles);
  if (!alone) return null;
  return (
    <div className="pane__middle">
      <p className="muted">
        {cube
          ? `Find the decoded image in ${cube.info.name} and compare.`
          : 'Open the original to compare it with the decoded image.'}
      </p>
      {cube ? (
        <Button disabled={comparing} onClick={compare}>
          {comparing ? 'Comparing…' : `Compare with ${cube.info.name}`}
        </Button>
      ) : (
        <FilePicker label="The original of the decoded image" onFiles={openFiles}>
          Compare with…
        </FilePicker>
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
