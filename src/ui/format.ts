/** Figures as the studio writes them: grouped digits, a fixed number of decimals, a unit. */

const THIN_SPACE = ' ';

export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

export function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return '∞';
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** About `digits` significant digits, for values whose unit and size are the file's own. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return count(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(digits - 1);
  const whole = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
  return fixed(value, size === 0 ? 0 : Math.max(0, Math.min(6, digits - whole)));
}

/** A rate: `0.0042` keeps its digits where fixed decimals would lose them. */
export function small(value: number): string {
  if (value >= 100) return fixed(value, 1);
  return value >= 0.1 ? fixed(value, 3) : value.toPrecision(3);
}

export function bytes(value: number): string {
  return `${count(value)}${THIN_SPACE}B`;
}

export function megabytes(value: number): string {
  return `${fixed(value / 1e6, value < 1e7 ? 1 : 0)}${THIN_SPACE}MB`;
}

export function milliseconds(value: number): string {
  return value < 1000
    ? `${fixed(value, 0)}${THIN_SPACE}ms`
    : `${fixed(value / 1000, 2)}${THIN_SPACE}s`;
}

export function percent(share: number, decimals = 2): string {
  return `${fixed(100 * share, decimals)}${THIN_SPACE}%`;
}

/** In steps that do not flicker; nothing while it is not known. */
export function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  return `about ${Math.ceil(seconds / 60)} min left`;
}

/** A change: `+0.42`, `−0.10`; no sign where the digits shown are zeros. */
export function signed(value: number, decimals: number): string {
  const text = fixed(Math.abs(value), decimals);
  if (!/[1-9∞]/.test(text)) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** A length of time in the units that suit it. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${fixed(1000 * seconds, 0)}${THIN_SPACE}ms`;
  if (seconds < 10) return `${fixed(seconds, 1)}${THIN_SPACE}s`;
  if (seconds < 120) return `${fixed(seconds, 0)}${THIN_SPACE}s`;
  if (seconds < 7200) return `${fixed(seconds / 60, 0)}${THIN_SPACE}min`;
  return `${fixed(seconds / 3600, 1)}${THIN_SPACE}h`;
}
