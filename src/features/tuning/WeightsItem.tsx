import { type KeyboardEvent, useRef, useState } from 'react';
import type { TunedWeights } from '../../engine/tuningTypes';
import { useStudio } from '../../state/react';
import { WEIGHTS_EXTENSION } from '../../state/tuned';
import { NoticeBox } from '../../ui/blocks';
import { Button, IconButton } from '../../ui/controls';
import { saveFile } from '../../ui/download';
import { megabytes } from '../../ui/format';
import { Menu, MenuItem } from '../../ui/menu';
import { lineageText } from './words';

/** One set of tuned weights: where it comes from, and what can be done with it. */
export function WeightsItem({ weights }: { weights: TunedWeights }) {
  const { codec, name, lineage } = weights;
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const used = useStudio((state) => state.panes.some(({ codecId }) => codecId === codec));
  const cube = useStudio((state) => state.cube !== undefined);
  const use = useStudio((state) => state.useTuned);
  const compare = useStudio((state) => state.compareTuned);
  const head = useRef<HTMLDivElement>(null);
  const end = (back: boolean) => {
    setMode('shown');
    if (back) head.current?.querySelector('button')?.focus();
  };
  return (
    <li className="weights__item" data-testid={`weights-${codec}`}>
      <div ref={head} className="weights__head">
        {mode === 'renaming' ? (
          <Rename weights={weights} onEnd={end} />
        ) : (
          <strong className="truncate">{name}</strong>
        )}
        {used && <span className="muted small">in use</span>}
        <Actions
          weights={weights}
          onRename={() => setMode('renaming')}
          onDelete={() => setMode('deleting')}
        />
      </div>
      <Origin weights={weights} />
      {mode === 'deleting' ? (
        <Deletion weights={weights} onEnd={end} />
      ) : (
        <div className="tune-buttons">
          <Button disabled={!cube} onClick={() => compare(codec)}>
            {lineage ? 'Compare with parent' : 'Compare with shipped'}
          </Button>
          <Button disabled={!cube} onClick={() => use(codec)}>
            Use
          </Button>
        </div>
      )}
    </li>
  );
}

/** Parent, scenes, what learned, gain, date, size and digest. */
function Origin({ weights }: { weights: TunedWeights }) {
  const { lineage, bytes, digest, grid } = weights;
  const parent = useStudio(
    (state) =>
      state.tunedWeights.find((one) => one.codec === lineage?.parent)?.name ??
      state.codecs.find(({ id }) => id === lineage?.parent)?.label ??
      lineage?.parent,
  );
  const date = lineage && new Date(lineage.date).toLocaleDateString('en-GB');
  return (
    <p className="muted small weights__origin">
      {lineage ? (
        <>
          {lineageText(lineage)}; from {parent} on {lineage.scenes.join(', ')}, {date}.
        </>
      ) : (
        'Imported; the file does not say what it was trained on.'
      )}{' '}
      {megabytes(bytes)}, {grid}, <code>{digest.slice(0, 8)}</code>
    </p>
  );
}

interface ActionsProps {
  readonly weights: TunedWeights;
  onRename(): void;
  onDelete(): void;
}

function Actions({ weights, onRename, onDelete }: ActionsProps) {
  const { codec, name } = weights;
  const exportTuned = useStudio((state) => state.exportTuned);
  const save = async () => {
    const bytes = await exportTuned(codec);
    if (bytes) saveFile(`${name.replace(/[^\w.-]+/g, '-')}_${codec}${WEIGHTS_EXTENSION}`, bytes);
  };
  return (
    <Menu trigger={<IconButton icon="more" label={`More for ${name}`} />}>
      <MenuItem
        label={`Export ${WEIGHTS_EXTENSION}`}
        detail="With specification and lineage, for another computer"
        onSelect={save}
      />
      <MenuItem label="Rename" onSelect={onRename} />
      <MenuItem label="Delete…" onSelect={onDelete} />
    </Menu>
  );
}

interface EndProps {
  readonly weights: TunedWeights;
  /** `back`: the focus goes back to where the menu was. */
  onEnd(back: boolean): void;
}

function Rename({ weights, onEnd }: EndProps) {
  const rename = useStudio((state) => state.renameTuned);
  const [name, setName] = useState(weights.name);
  const ended = useRef(false);
  const end = (next: string, back: boolean) => {
    // Giving the focus back is the input's own blur.
    if (ended.current) return;
    ended.current = true;
    if (next !== '' && next !== weights.name) rename(weights.codec, next);
    onEnd(back);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') end(name.trim(), true);
    if (event.key === 'Escape') end(weights.name, true);
  };
  return (
    <input
      className="text-input weights__rename"
      aria-label={`New name of ${weights.name}`}
      autoComplete="off"
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the name whose menu was open
      autoFocus
      value={name}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={() => end(name.trim(), false)}
      onKeyDown={onKeyDown}
    />
  );
}

function Deletion({ weights, onEnd }: EndProps) {
  const remove = useStudio((state) => state.removeTuned);
  return (
    <NoticeBox
      kind="question"
      actions={
        <>
          <Button
            onClick={() => {
              remove(weights.codec);
              document.querySelector<HTMLElement>('[data-import-weights]')?.focus();
            }}
          >
            Delete
          </Button>
          <Button autoFocus onClick={() => onEnd(true)}>
            Keep
          </Button>
        </>
      }
    >
      Delete “{weights.name}”? Files made with these weights cannot be opened without them: export
      them first if there are such files.
    </NoticeBox>
  );
}
