import { type ReactNode, useId } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly fault?: string;
  /** Said below the field where nothing is wrong. */
  readonly note?: string;
  readonly aside?: ReactNode;
  readonly suggestions?: readonly string[];
  onChange(value: string): void;
}

/** A line of text under its label, with the sentence on what is wrong with it. */
export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, fault, note, aside, suggestions, onChange } = props;
  const id = useId();
  const told = fault ?? note;
  return (
    <div className="field">
      <div className="field__label">
        <label htmlFor={id}>{label}</label>
        {aside}
      </div>
      <input
        id={id}
        className="text-input"
        autoComplete="off"
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        aria-invalid={fault !== undefined}
        aria-describedby={told === undefined ? undefined : `${id}-told`}
        list={suggestions && `${id}-list`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {told !== undefined && (
        <p id={`${id}-told`} className={`field__told small${fault ? '' : ' muted'}`}>
          {told}
        </p>
      )}
    </div>
  );
}
