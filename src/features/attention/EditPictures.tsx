import type { PointerEvent, ReactNode } from 'react';
import type { Stretch } from '../../core/cube/composite';
import type { PixelWindow } from '../../core/cube/types';
import type { Picture } from '../../engine/api';
import { bandAxis, positionOf } from '../../state/bands';
import type { Notice } from '../../state/notice';
import { useStudio } from '../../state/react';
import { gradientOf } from '../../ui/ColourBar';
import { fixed, significant } from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import { PaneCaption, PaneProblem } from '../stage/PaneParts';
import { ScenePane } from '../stage/ScenePane';
import { usePicture } from '../stage/usePicture';

const MAX_SIDE = 512;
/** The colours of what edits changed. */
export const DIFFERENCE_MAP = 'viridis';

interface Shown {
  readonly picture?: Picture;
  readonly notice?: Notice;
}

/** The patch before coding, decoded, and decoded with edits, all in the colours of the unedited. */
function usePictures(): { original: Shown; plain: Shown; edited: Shown; difference: Shown } {
  const read = useStudio((state) => state.attention);
  const applied = useStudio((state) => state.attentionApplied);
  const info = useStudio((state) => state.cube?.info);
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const colourMap = useStudio((state) => state.colourMap);
  const percentiles = useStudio((state) => state.percentiles);
  const wanted = mode === 'grey' ? [grey] : rgb;
  const positions =
    read && info ? wanted.map((band) => positionOf(bandAxis(info, read.codedBands), band)) : [];
  const whole = read && { ...read.of.window, x: 0, y: 0 };
  const request = (
    cube: string,
    bands: readonly number[],
    window: PixelWindow,
    stretch: Stretch | readonly [number, number],
  ) => ({ cube, bands, window, stretch, maxSide: MAX_SIDE, colourMap });
  const plain = usePicture(
    read && whole && request(read.reconstruction, positions, whole, percentiles),
  );
  const stretch = plain.picture?.stretch;
  const native = read ? positions.map((position) => read.codedBands[position]) : [];
  const original = usePicture(
    read && stretch && request(read.of.cube, native, read.of.window, stretch),
  );
  const edited = usePicture(
    applied && whole && stretch && request(applied.edited, positions, whole, stretch),
  );
  const full = applied && [{ low: 0, high: applied.largestDifference || 1 }];
  const difference = usePicture(
    applied &&
      whole &&
      full && { ...request(applied.difference, [0], whole, full), colourMap: DIFFERENCE_MAP },
  );
  return { original, plain, edited, difference };
}

export const limitText = (value: number) =>
  value > 0 && value < 0.1 ? value.toPrecision(2) : significant(value, 3);

/** Where the patch lies, and what edits make of it. */
export function EditPictures() {
  const pictures = usePictures();
  const read = useStudio((state) => state.attention);
  const applied = useStudio((state) => state.attentionApplied);
  const db = (psnr: number | undefined) => (psnr === undefined ? '' : `${fixed(psnr, 2)} dB`);
  return (
    <div className="edit-pictures">
      <ScenePane />
      <Frame title="Original" testId="attention-original" shown={pictures.original} />
      <Frame
        title="Unedited"
        detail={db(read?.figures.distortion.psnr)}
        testId="attention-plain"
        shown={pictures.plain}
      />
      <Frame
        title="Edited"
        detail={db(applied?.figures.distortion.psnr)}
        testId="attention-edited"
        shown={pictures.edited}
      >
        {!applied && <p className="muted small">Scale a channel or a band.</p>}
      </Frame>
      <Frame title="Change" detail="RMS" testId="attention-difference" shown={pictures.difference}>
        {applied && (
          <span className="pane__scale edit-pictures__scale">
            0
            <span
              className="gates__gradient"
              style={{ backgroundImage: gradientOf(DIFFERENCE_MAP) }}
              aria-hidden="true"
            />
            {limitText(applied.largestDifference)}
          </span>
        )}
      </Frame>
    </div>
  );
}

/** Tells the pixel under the pointer of a picture that fills its frame as far as its shape lets it. */
function usePatchPointer() {
  const window = useStudio((state) => state.attention?.of.window);
  const hover = useStudio((state) => state.hover);
  return {
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const box = event.currentTarget.querySelector('canvas')?.getBoundingClientRect();
      if (!window || !box) return;
      const zoom = Math.min(box.width / window.width, box.height / window.height);
      const x = Math.floor((event.clientX - box.left - box.width / 2) / zoom + window.width / 2);
      const y = Math.floor((event.clientY - box.top - box.height / 2) / zoom + window.height / 2);
      const inside = x >= 0 && y >= 0 && x < window.width && y < window.height;
      hover(inside ? { x: x + window.x, y: y + window.y } : undefined);
    },
    onPointerLeave: () => hover(undefined),
  };
}

interface FrameProps {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly testId: string;
  readonly shown: Shown;
  readonly children?: ReactNode;
}

function Frame({ title, detail = '', testId, shown, children }: FrameProps) {
  const pointer = usePatchPointer();
  return (
    <figure className="figure">
      <PaneCaption title={title} detail={detail} />
      <div className="edit-pictures__frame" {...pointer}>
        {shown.picture && (
          <PictureCanvas picture={shown.picture} label={title} testId={`${testId}-canvas`} />
        )}
        <PaneProblem notice={shown.notice} />
        {children}
      </div>
    </figure>
  );
}
