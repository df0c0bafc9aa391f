import { memo } from 'react';
import type { ChannelHistogram } from '../../engine/api';
import { type Percentiles, STRETCHES } from '../../state/view';
import { Select } from '../../ui/controls';
import { NumberEntry } from '../../ui/NumberEntry';
import { StretchHistogram, valuesAt } from './StretchHistogram';

interface PercentileChoiceProps {
  readonly label: string;
  /** Stands beside the list. */
  readonly caption?: string;
  /** The histogram of what is stretched; empty until it is known. */
  readonly channels: readonly ChannelHistogram[];
  readonly value: Percentiles;
  onChange(value: Percentiles): void;
}

/** Percentiles that become black and full brightness: from a list, by the histogram, or typed. */
export const PercentileChoice = memo(function PercentileChoice(props: PercentileChoiceProps) {
  const { label, caption, channels, value, onChange } = props;
  const usual = STRETCHES.find(({ percents }) => percents.join() === value.join());
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
  const single = channels.length === 1;
  return (
    <div className="percentiles">
      <div className="row">
        {caption && <span className="muted small">{caption}</span>}
        <Select
          label={label}
          value={usual?.percents.join()}
          placeholder="Own percentiles"
          choices={STRETCHES.map(({ label: name, percents }) => ({
            value: percents.join(),
            label: name,
          }))}
          onChange={(next) => {
            const found = STRETCHES.find(({ percents }) => percents.join() === next);
            if (found) onChange(found.percents);
          }}
        />
      </div>
      <StretchHistogram label={label} channels={channels} value={value} onChange={onChange} />
      <div className="percentiles__ends">
        {entry('lower', 0)}
        <span className="muted small">{single && valuesAt(channels, low)}</span>
        <span className="muted small">{single && valuesAt(channels, high)}</span>
        {entry('upper', 1)}
      </div>
    </div>
  );
});
