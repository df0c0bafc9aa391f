import { fixed } from '../../ui/format';

/** Four decimals; small values that these would round away keep their size. */
export function fine(value: number): string {
  const text =
    value === 0 || Math.abs(value) >= 1e-3
      ? fixed(Math.abs(value), 4)
      : Math.abs(value).toExponential(1);
  return value < 0 ? `−${text}` : text;
}

export function signed(value: number): string {
  return value > 0 ? `+${fine(value)}` : fine(value);
}
