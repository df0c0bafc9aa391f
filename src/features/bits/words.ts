import { fixed, significant } from '../../ui/format';

/** Hyper-latents may take less than a bit. */
export function bitsText(bits: number): string {
  return `${bits < 1 ? bits.toPrecision(2) : fixed(bits, 1)} bits`;
}

/** Three significant digits, also of values far below one, with a minus sign for a hyphen. */
export function valueText(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1;
  return (small ? value.toPrecision(3) : significant(value, 3)).replace('-', '−');
}
