import { type ReactNode, useState } from 'react';
import { type Damage, isDamage, lengthAfter, MOST_BITS } from '../../core/bitstream/damage';
import { spanAt } from '../../core/bitstream/fileMap';
import { useStudio } from '../../state/react';
import { type Result, resultBase } from '../../state/result';
import { Panel } from '../../ui/blocks';
import { Button, IconButton, Segmented } from '../../ui/controls';
import { saveFile } from '../../ui/download';
import { count } from '../../ui/format';
import { NumberEntry } from '../../ui/NumberEntry';
import { useCopy, useDamageOfFile } from './useDamage';
import { damageText, spanName } from './words';

/** As binary numbers are written: the most significant first. */
const BITS = ['7', '6', '5', '4', '3', '2', '1', '0'].map((value) => ({ value, label: value }));

/** What can be done to a copy of the file, and what was done. */
export function DamagePanel({ result }: { result: Result }) {
  const { id } = result.reconstruction;
  const { damages } = useDamageOfFile(id);
  const undo = useStudio((state) => state.undoDamage);
  const reset = useStudio((state) => state.resetDamage);
  const { copy } = useCopy(result);
  return (
    <Panel
      title="Damage a copy"
      aside={
        <span className="damage__steps">
          <IconButton
            icon="undo"
            label="Undo the last damage"
            disabled={damages.length === 0}
            onClick={() => undo(id)}
          />
          <Button variant="quiet" disabled={damages.length === 0} onClick={() => reset(id)}>
            Reset
          </Button>
        </span>
      }
    >
      <Tools result={result} />
      <ol reversed className="damage__list small" aria-label="Damages, the last one first">
        {damages.length === 0 && (
          <li className="muted">No damage yet. The result itself stays as it is.</li>
        )}
        {damages
          .map((damage, i) => (
            <li key={i}>
              {i + 1}. {damageText(damage)}
            </li>
          ))
          .reverse()}
      </ol>
      <Button
        icon="save"
        disabled={damages.length === 0}
        data-testid="save-damaged"
        onClick={() => saveFile(`${resultBase(result)}_damaged.hsc`, copy)}
      >
        Save damaged copy
      </Button>
    </Panel>
  );
}

function Tools({ result }: { result: Result }) {
  const { file, reconstruction } = result;
  const { id } = reconstruction;
  const { damages, byte, bit } = useDamageOfFile(id);
  const add = useStudio((state) => state.addDamage);
  const choose = useStudio((state) => state.chooseDamagePlace);
  const { spans } = useCopy(result);
  const [length, setLength] = useState(16);
  const [bits, setBits] = useState(1);
  const left = lengthAfter(file.length, damages);
  // A run ends with the file.
  const run = Math.max(1, Math.min(length, left - byte));
  const span = spanAt(spans, byte);
  const button = (text: string, make: (seed: number) => Damage) => (
    <Button
      disabled={!isDamage(make(0), left)}
      onClick={() => add(id, make(crypto.getRandomValues(new Uint32Array(1))[0]), file.length)}
    >
      {text}
    </Button>
  );
  return (
    <div className="damage__tools">
      <div className="damage__row damage__row--byte">
        <span>Byte</span>
        <Count
          label="Byte, counted from 0"
          value={byte}
          from={0}
          to={file.length - 1}
          onChange={(to) => choose(id, { byte: to })}
        />
        <span className="muted truncate">{span ? spanName(span) : ''}</span>
      </div>
      <Segmented
        label="Bit of the byte, 7 the most significant"
        value={String(bit)}
        choices={BITS}
        onChange={(value) => choose(id, { bit: Number(value) })}
      />
      <div className="damage__pair">
        {button('Flip this bit', () => ({ kind: 'bit', byte, bit }))}
        {button('Cut after this byte', () => ({ kind: 'cut', length: byte + 1 }))}
      </div>
      <Row unit={length === 1 ? 'byte from here on' : 'bytes from here on'}>
        <Count
          label="Bytes to overwrite"
          value={length}
          from={1}
          to={file.length}
          onChange={setLength}
        />
        {button('Overwrite', (seed) => ({ kind: 'run', from: byte, length: run, seed }))}
      </Row>
      <Row unit={bits === 1 ? 'random bit' : 'random bits'}>
        <Count
          label="Random bits to flip"
          value={bits}
          from={1}
          to={Math.min(MOST_BITS, 8 * left)}
          onChange={setBits}
        />
        {button('Flip', (seed) => ({ kind: 'bits', count: bits, seed }))}
      </Row>
    </div>
  );
}

/** A number, what it counts, and what is done with it. */
function Row({ unit, children }: { unit: string; children: readonly ReactNode[] }) {
  const [entry, button] = children;
  return (
    <div className="damage__row">
      {entry}
      <span className="truncate">{unit}</span>
      {button}
    </div>
  );
}

interface CountProps {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  onChange(value: number): void;
}

/** A whole number within limits. */
function Count({ label, value, from, to, onChange }: CountProps) {
  return (
    <NumberEntry
      label={label}
      text={count(value)}
      value={String(value)}
      onCommit={(typed) => {
        const good = Number.isInteger(typed) && typed >= from && typed <= to;
        if (good) onChange(typed);
        return good;
      }}
    />
  );
}
