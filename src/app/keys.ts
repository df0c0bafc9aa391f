/** What of a key event tells which character was typed; layouts differ in everything else. */
export interface KeyPress {
  /** The character, e.g. `[`, or the key's name, e.g. `Escape`. */
  readonly key: string;
  /** The place on the keyboard, e.g. `Digit1`. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  getModifierState(key: string): boolean;
}

const SIGN = /^[^\p{L}\p{N}\s]$/u;

/**
 * Whether Ctrl, Alt or Meta make another command of the key. AltGr, which Windows reports as Ctrl
 * and Alt, and Option on a Mac belong to the character: `[` needs them on German keyboards.
 */
export function isChord(press: KeyPress): boolean {
  const { key, ctrlKey, metaKey, altKey } = press;
  if (metaKey) return true;
  if (press.getModifierState('AltGraph')) return false;
  if (ctrlKey) return !(altKey && SIGN.test(key));
  return altKey && !SIGN.test(key);
}

/** Ctrl + K, on a Mac Cmd + K: the palette, wherever the focus is. */
export function isPaletteChord({ key, ctrlKey, metaKey, altKey }: KeyPress): boolean {
  return key.toLowerCase() === 'k' && ctrlKey !== metaKey && !altKey;
}

/**
 * The entry that a key stands for: by character, so that a layout's own place of it counts; by the
 * place on the keyboard for digits where the layout gives them only with Shift (French).
 */
export function matchKey<T extends { readonly keys: readonly string[] }>(
  press: KeyPress,
  entries: readonly T[],
): T | undefined {
  if (isChord(press)) return undefined;
  const byKey = (key: string) => entries.find(({ keys }) => keys.includes(key));
  const digit = /^Digit(\d)$/.exec(press.code)?.[1];
  return (
    byKey(press.key.toLowerCase()) ??
    (digit && !press.getModifierState('Shift') ? byKey(digit) : undefined)
  );
}
