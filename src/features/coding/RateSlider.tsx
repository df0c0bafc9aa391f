import type { CodecMeta } from '../../codecs/types';
import { isWide } from '../../state/coding';
import { Slider } from '../../ui/controls';
import { fixed } from '../../ui/format';

interface RateSliderProps {
  readonly label: string;
  readonly codec: CodecMeta;
  /** In bpp. */
  readonly rate: number;
  readonly ticked?: boolean;
  onChange(rate: number): void;
}

/** Ticks of a wide slider. */
const DECADES = [0.01, 0.1, 1, 10, 100];

/** Even steps over a narrow range, even ratios over a wide one. */
export function RateSlider({ label, codec, rate, ticked, onChange }: RateSliderProps) {
  const { rateRange: range, targetRates } = codec;
  if (!range) return null;
  const wide = isWide(range);
  const place = wide ? Math.log10 : (value: number) => value;
  const ticks = wide ? DECADES.filter((one) => one >= range[0] && one <= range[1]) : targetRates;
  const tickAt = (value: number) => ({
    value: place(value),
    label: value < 0.1 || wide ? String(value) : value.toFixed(1),
  });
  return (
    <Slider
      label={label}
      value={place(rate)}
      min={place(range[0])}
      max={place(range[1])}
      step={0.01}
      valueText={`${fixed(rate, 2)} bits per pixel`}
      ticks={ticked ? ticks.map(tickAt) : undefined}
      onChange={(at) => onChange(wide ? 10 ** at : at)}
    />
  );
}
