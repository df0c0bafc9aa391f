import type { AttentionEdits, BlockGates, GateCell, ReadAttention } from '../../state/attention';
import { useStudio } from '../../state/react';
import { Panel } from '../../ui/blocks';
import { Button, IconButton, Slider } from '../../ui/controls';
import { fixed } from '../../ui/format';
import { EditFigures } from './EditFigures';
import { blockName } from './names';

const MOST = 2;
const STEP = 0.05;

/** Scales the chosen channel, lists all edits and what they cost. */
export function EditPanel() {
  const read = useStudio((state) => state.attention);
  const cell = useStudio((state) => state.attentionCell);
  const count = useStudio(({ attentionEdits: { gates, bands } }) => gates.length + bands.length);
  const reset = useStudio((state) => state.resetEdits);
  return (
    <Panel
      title="Edits"
      aside={
        <Button
          variant="quiet"
          className="attention-reset"
          disabled={count === 0}
          data-testid="reset-edits"
          onClick={reset}
        >
          Reset
        </Button>
      }
    >
      {read && cell ? (
        <ChosenCell read={read} cell={cell} />
      ) : (
        <p className="muted small">
          A what-if at a fixed quantiser: choose a channel on the map. No edited file is saved.
        </p>
      )}
      <EditList />
      <EditFigures />
    </Panel>
  );
}

function ChosenCell({ read, cell }: { read: ReadAttention; cell: GateCell }) {
  const factor = useStudio(
    ({ attentionEdits }) =>
      attentionEdits.gates.find(
        ({ block, channel }) => block === cell.block && channel === cell.channel,
      )?.factor ?? 1,
  );
  const scaleGate = useStudio((state) => state.scaleGate);
  const own = read.blocks.find(({ block }) => block === cell.block);
  if (!own) return null;
  return (
    <>
      <Factor
        name={cellName(read, cell)}
        detail={`gate ${fixed(own.gates[cell.channel], 3)}`}
        factor={factor}
        testId="gate"
        onChange={(next) => scaleGate(cell, next)}
      />
      <WholeBlock own={own} factor={factor} />
      {own.part === 'input' && <ChosenBand band={read.input.nearest[cell.channel]} />}
    </>
  );
}

/** One channel of many changes little: the same factor for all of its block. */
function WholeBlock({ own, factor }: { own: BlockGates; factor: number }) {
  const scaleGates = useStudio((state) => state.scaleGates);
  const all = [...own.gates.keys()];
  return (
    <div className="attention-buttons">
      <Button data-testid="mute-block" onClick={() => scaleGates(own.block, all, 0)}>
        Mute all {all.length} of the block
      </Button>
      <Button
        disabled={factor === 0 || factor === 1}
        onClick={() => scaleGates(own.block, all, factor)}
      >
        All × {fixed(factor, 2)}
      </Button>
    </div>
  );
}

/** The bypass sees every band whatever the gates say: a band of the image is another edit. */
function ChosenBand({ band }: { band: number }) {
  const name = useBandName(band);
  const factor = useStudio(
    ({ attentionEdits }) => attentionEdits.bands.find((edit) => edit.band === band)?.factor ?? 1,
  );
  const scaleBand = useStudio((state) => state.scaleBand);
  return (
    <Factor
      name={`The image itself, ${name}`}
      detail="about its mean"
      factor={factor}
      testId="band"
      onChange={(next) => scaleBand(band, next)}
    />
  );
}

interface FactorProps {
  readonly name: string;
  readonly detail: string;
  readonly factor: number;
  readonly testId: string;
  onChange(factor: number): void;
}

function Factor({ name, detail, factor, testId, onChange }: FactorProps) {
  return (
    <div className="factor" data-testid={`factor-${testId}`}>
      <div className="factor__name">
        <span className="truncate" title={name}>
          {name}
        </span>
        <span className="muted small">{detail}</span>
      </div>
      <div className="factor__control">
        <Slider
          label={`Factor of ${name}`}
          value={factor}
          min={0}
          max={MOST}
          step={STEP}
          valueText={`times ${fixed(factor, 2)}`}
          onChange={(next) => onChange(Math.round(next / STEP) * STEP)}
        />
        <span className="factor__value">× {fixed(factor, 2)}</span>
        <Button
          aria-pressed={factor === 0}
          data-testid={`mute-${testId}`}
          onClick={() => onChange(factor === 0 ? 1 : 0)}
        >
          {factor === 0 ? 'Unmute' : 'Mute'}
        </Button>
      </div>
    </div>
  );
}

function useBandName(band: number): string {
  const nm = useStudio((state) => state.cube?.info.wavelengthsNm?.[band]);
  return nm === undefined ? `band ${band + 1}` : `${fixed(nm, 1)} nm`;
}

function cellName({ blocks, input }: ReadAttention, { block, channel }: GateCell): string {
  const own = blocks.find((one) => one.block === block);
  const nm = own?.part === 'input' ? input.wavelengthsNm?.[channel] : undefined;
  return `${blockName(block).short}, ${nm ? `${fixed(nm, 1)} nm` : `channel ${channel + 1}`}`;
}

interface EditGroup {
  readonly block: string;
  readonly factor: number;
  readonly channels: readonly number[];
}

/** Edits of one block by the same factor are one entry. */
function grouped(gates: AttentionEdits['gates']): EditGroup[] {
  const groups = new Map<string, EditGroup>();
  for (const { block, channel, factor } of gates) {
    const key = `${block} ${factor}`;
    const before = groups.get(key)?.channels ?? [];
    groups.set(key, { block, factor, channels: [...before, channel] });
  }
  return [...groups.values()];
}

function EditList() {
  const read = useStudio((state) => state.attention);
  const { gates, bands } = useStudio((state) => state.attentionEdits);
  if (!read || gates.length + bands.length === 0) return null;
  return (
    <ul className="edit-list" aria-label="Edits">
      {grouped(gates).map((group) => (
        <GateItem key={`${group.block} ${group.factor}`} read={read} group={group} />
      ))}
      {bands.map((edit) => (
        <BandItem key={edit.band} {...edit} />
      ))}
    </ul>
  );
}

function GateItem({ read, group }: { read: ReadAttention; group: EditGroup }) {
  const { block, factor, channels } = group;
  const scaleGates = useStudio((state) => state.scaleGates);
  const chooseCell = useStudio((state) => state.chooseCell);
  const cell = { block, channel: channels[0] };
  const name =
    channels.length === 1
      ? cellName(read, cell)
      : `${blockName(block).short}, ${channels.length} channels`;
  return (
    <li>
      <button
        type="button"
        className="edit-list__name truncate"
        title={name}
        onClick={() => chooseCell(cell)}
      >
        {name}
      </button>
      <span>{factorText(factor)}</span>
      <IconButton
        icon="close"
        label={`Take back: ${name}`}
        onClick={() => scaleGates(block, channels, 1)}
      />
    </li>
  );
}

function BandItem({ band, factor }: { band: number; factor: number }) {
  const name = `The image, ${useBandName(band)}`;
  const scaleBand = useStudio((state) => state.scaleBand);
  return (
    <li>
      <span className="edit-list__name truncate">{name}</span>
      <span>{factorText(factor)}</span>
      <IconButton icon="close" label={`Take back: ${name}`} onClick={() => scaleBand(band, 1)} />
    </li>
  );
}

const factorText = (factor: number) => (factor === 0 ? 'muted' : `× ${fixed(factor, 2)}`);
