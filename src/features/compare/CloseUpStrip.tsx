import type { PixelWindow } from '../../core/cube/types';
import type { PictureRequest } from '../../engine/api';
import { CLOSE_UP_SIDES, type CloseUp, fitsWindow } from '../../state/canvas';
import { type CodecPane, codecOf } from '../../state/panes';
import { isInside } from '../../state/patch';
import { useStudio } from '../../state/react';
import { ScrollRegion } from '../../ui/blocks';
import { IconButton, Select } from '../../ui/controls';
import { fixed } from '../../ui/format';
import { PictureCanvas } from '../../ui/PictureCanvas';
import { usePictureView } from '../stage/pictureView';
import { usePicture } from '../stage/usePicture';
import { letter } from './CloseUpFrames';
import { ORIGINAL_PANE, useComparedCube } from './useOriginal';
import { type Look, sourceOf, useComparedWindow, useLook, useOriginalBands } from './useWindow';
import { CloseUpExport } from './ViewExport';

/** Pinned parts of the scene, enlarged, for the original and every codec. */
export function CloseUpStrip() {
  const window = useComparedWindow();
  const closeUps = useStudio((state) => state.closeUps);
  if (!window || closeUps.length === 0) {
    return (
      <section className="close-ups close-ups--empty" aria-label="Close-ups">
        <p className="muted">
          Point at a detail and press <kbd>C</kbd>: it is shown here for every pane.
        </p>
      </section>
    );
  }
  return <Rows window={window} closeUps={closeUps} />;
}

function Rows({ window, closeUps }: { window: PixelWindow; closeUps: readonly CloseUp[] }) {
  const look = useLook(window);
  return (
    <ScrollRegion className="close-ups" label="Close-ups">
      {closeUps.map((closeUp, i) => (
        <Row key={closeUp.id} closeUp={closeUp} name={letter(i)} window={window} look={look} />
      ))}
    </ScrollRegion>
  );
}

/** The size of the next close-ups. */
export function CloseUpSide() {
  const side = useStudio((state) => state.closeUpSide);
  const setCanvas = useStudio((state) => state.setCanvas);
  return (
    <div className="close-ups__side">
      <span className="muted small">New close-ups</span>
      <Select
        label="Side of new close-ups"
        value={String(side)}
        choices={CLOSE_UP_SIDES.map((one) => ({
          value: String(one),
          label: `${one} × ${one} pixels`,
        }))}
        onChange={(value) => setCanvas({ closeUpSide: Number(value) })}
      />
      <CloseUpExport />
    </div>
  );
}

interface RowProps {
  readonly closeUp: CloseUp;
  readonly name: string;
  readonly window: PixelWindow;
  readonly look: Look;
}

function Row({ closeUp, name, window, look }: RowProps) {
  const panes = useStudio((state) => state.panes);
  const cube = useComparedCube();
  const bands = useOriginalBands(window);
  const remove = useStudio((state) => state.removeCloseUp);
  const { x, y, width, height } = closeUp;
  if (!isInside(closeUp, window)) {
    return (
      <div className="close-up-row">
        <Name name={name} closeUp={closeUp} onRemove={remove} />
        <p className="muted small">Outside the patch that the panes show.</p>
      </div>
    );
  }
  return (
    <div className="close-up-row">
      <Name name={name} closeUp={closeUp} onRemove={remove} />
      {cube && bands && (
        <Detail
          label="Original"
          request={{
            cube: cube.id,
            window: { x, y, width, height },
            ...bands,
            maxSide: 512,
            ...look.of(ORIGINAL_PANE),
          }}
        />
      )}
      {panes.map((pane) => (
        <PaneDetail key={pane.id} pane={pane} closeUp={closeUp} window={window} look={look} />
      ))}
    </div>
  );
}

function Name(props: { name: string; closeUp: CloseUp; onRemove(id: string): void }) {
  const { name, closeUp, onRemove } = props;
  return (
    <div className="close-up-row__name">
      <span className="strong">{name}</span>
      <span className="muted small">
        {closeUp.width} × {closeUp.height} at ({closeUp.x}, {closeUp.y})
      </span>
      <IconButton
        icon="close"
        label={`Remove close-up ${name}`}
        onClick={() => onRemove(closeUp.id)}
      />
    </div>
  );
}

function PaneDetail(props: { pane: CodecPane; closeUp: CloseUp; window: PixelWindow; look: Look }) {
  const { pane, closeUp, window, look } = props;
  const view = usePictureView();
  const fits = useStudio((state) => fitsWindow(pane, window, state.cube?.id));
  const label = useStudio((state) => codecOf(state, pane)?.label ?? '');
  const source = sourceOf(pane, view);
  if (!fits || !pane.result || !source) return null;
  const { width, height } = closeUp;
  const part = { x: closeUp.x - window.x, y: closeUp.y - window.y, width, height };
  return (
    <Detail
      label={`${label}, ${fixed(pane.result.rate.bpp, 2)} bpp`}
      request={{ ...source, window: part, maxSide: 512, ...look.of(pane.id) }}
    />
  );
}

function Detail({ label, request }: { label: string; request: PictureRequest }) {
  const { picture } = usePicture(request);
  return (
    <figure className="close-up">
      <div className="close-up__frame">
        {picture && <PictureCanvas picture={picture} label={label} />}
      </div>
      <figcaption className="truncate small">{label}</figcaption>
    </figure>
  );
}
