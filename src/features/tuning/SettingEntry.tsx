import { NumberEntry } from '../../ui/NumberEntry';

interface SettingEntryProps {
  readonly label: string;
  readonly value: number | undefined;
  isPossible(value: number): boolean;
  onChange(value: number): void;
}

/** A number of a set-up behind its name. */
export function SettingEntry({ label, value, isPossible, onChange }: SettingEntryProps) {
  const text = value && value < 1e-3 ? value.toExponential() : String(value);
  return (
    <div className="tune-number">
      <span>{label}</span>
      <NumberEntry
        label={label}
        text={text}
        value={text}
        onCommit={(to) => {
          const good = isPossible(to);
          if (good) onChange(to);
          return good;
        }}
      />
    </div>
  );
}
