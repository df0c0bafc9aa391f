import { useState } from 'react';
import { type Percentiles, STRETCHES } from '../../state/view';
import { Select } from '../../ui/controls';
import { NumberEntry } from '../../ui/NumberEntry';

const OWN = 'own';

interface PercentileChoiceProps {
  readonly label: string;
  readonly value: Percentiles;
  onChange(value: Percentiles): void;
}

/** Percentiles that become black and full brightness: usual ones, or two numbers of one's own. */
export function PercentileChoice({ label, value, onChange }: PercentileChoiceProps) {
  const usual = STRETCHES.find(({ percents }) => percents.join() === value.join());
  const [own, setOwn] = useState(!usual);
  const [low, high] = value;
  const entry = (name: string, index: 0 | 1) => (
    <NumberEntry
      label={`${label}: ${name} percentile`}
      text={`${value[index]} %`}
      value={String(value[index])}
      onCommit={(next) => {
        const ends: Percentiles = index === 0 ? [next, high] : [low, next];
        const valid = ends[0] >= 0 && ends[1] <= 100 && ends[0] < ends[1];
        if (valid) onChange(ends);
        return valid;
      }}
    />
  );
  return (
    <div className="percentiles">
      <Select
        label={label}
        value={own || !usual ? OWN : value.join()}
        choices={[
          ...STRETCHES.map(({ label: name, percents }) => ({
            value: percents.join(),
            label: name,
          })),
          { value: OWN, label: 'Own percentiles' },
        ]}
        onChange={(next) => {
          setOwn(next === OWN);
          const found = STRETCHES.find(({ percents }) => percents.join() === next);
          if (found) onChange(found.percents);
        }}
      />
      {(own || !usual) && (
        <span className="percentiles__ends">
          {entry('lower', 0)}–{entry('upper', 1)}
        </span>
      )}
    </div>
  );
}
