import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';

interface NumberEntryProps {
  readonly label: string;
  /** What is shown while nobody types, e.g. `640.3 nm`. */
  readonly text: string;
  /** The number that typing starts from. */
  readonly value: string;
  /** Takes what was typed; false where it is no good, and the entry stays open. */
  onCommit(value: number): boolean;
  readonly disabled?: boolean;
}

/** A number, whatever unit follows it. */
const NUMBER = /^\s*([+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?)\s*\D*$/i;

/** A number that is read most of the time and typed now and then. Escape gives up. */
export function NumberEntry({ label, text, value, onCommit, disabled }: NumberEntryProps) {
  const input = useRef<HTMLInputElement>(null);
  const [focused, setFocused] = useState(false);
  const [typed, setTyped] = useState<string>();
  const [wrong, setWrong] = useState(false);
  const fresh = focused && typed === undefined;
  useLayoutEffect(() => {
    if (fresh) input.current?.select();
  }, [fresh, value]);

  const forget = () => {
    setTyped(undefined);
    setWrong(false);
  };
  const commit = () => {
    if (typed === undefined) return;
    const number = NUMBER.exec(typed)?.[1].replace(',', '.');
    if (number !== undefined && onCommit(Number(number))) forget();
    else setWrong(true);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') commit();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    forget();
  };
  return (
    <input
      ref={input}
      className="entry"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-invalid={wrong}
      disabled={disabled}
      value={typed ?? (focused ? value : text)}
      onFocus={() => setFocused(true)}
      onClick={() => fresh && input.current?.select()}
      onChange={(event) => {
        setTyped(event.target.value);
        setWrong(false);
      }}
      onBlur={() => {
        commit();
        forget();
        setFocused(false);
      }}
      onKeyDown={onKeyDown}
    />
  );
}
