import { Slider } from 'radix-ui';
import { type KeyboardEvent, memo, useCallback, useEffect, useMemo, useState } from 'react';
import type { ChannelHistogram, StretchedSource } from '../../engine/api';
import { useEngine } from '../../state/react';
import type { Percentiles } from '../../state/view';
import { KEY_STEPS } from '../../ui/controls';
import { significant } from '../../ui/format';
import { useLatest } from '../stage/useLatest';
import { outlineOf, percentAt, placeIn, placeOf, valueAt, withLimit } from './stretchPlaces';
import './view.css';

const COLOURS = ['var(--red)', 'var(--green)', 'var(--blue)'];
const LIMITS = ['lower', 'upper'] as const;
/** Of a key press, in percent. */
const STEP = 0.5;
/** Of a drag, in shares of the axis. */
const FINE = 1e-4;
const NONE: readonly ChannelHistogram[] = [];

/** How long bands have to stay as they are; a slider that is dragged is not slowed by histograms. */
const REST_MS = 120;

/** What was asked for last, once nothing else has been for a while; the first at once. */
function useRested(source: StretchedSource | undefined): StretchedSource | undefined {
  const key = source && JSON.stringify(source);
  const [rested, setRested] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), REST_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return useMemo(() => rested && JSON.parse(rested), [rested]);
}

export function useHistogram(source: StretchedSource | undefined): readonly ChannelHistogram[] {
  const engine = useEngine();
  const ask = useCallback((one: StretchedSource) => engine.histogram(one), [engine]);
  return useLatest(useRested(source), ask).value ?? NONE;
}

interface StretchHistogramProps {
  /** e.g. `Stretch`; the names of its limits begin with it. */
  readonly label: string;
  readonly channels: readonly ChannelHistogram[];
  readonly value: Percentiles;
  onChange(value: Percentiles): void;
}

/**
 * The histogram of what is shown, each channel over its own range, between the two limits of the
 * stretch, which are dragged or moved by the arrow keys.
 */
export const StretchHistogram = memo(function StretchHistogram({
  label,
  channels,
  value,
  onChange,
}: StretchHistogramProps) {
  const known = channels.length > 0;
  const places = value.map((percent) => (known ? placeOf(channels, percent) : percent / 100));
  const move = (index: 0 | 1, percent: number) => onChange(withLimit(value, index, percent));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const index = Number((event.target as HTMLElement).dataset.limit) as 0 | 1;
    const end = { Home: 0, End: 100 }[event.key];
    const steps = (event.shiftKey ? 10 : 1) * (KEY_STEPS[event.key] ?? 0);
    if (end === undefined && steps === 0) return;
    event.preventDefault();
    move(index, end ?? Math.round(10 * (value[index] + STEP * steps)) / 10);
  };
  return (
    <Slider.Root
      className="histogram"
      value={places}
      min={0}
      max={1}
      step={FINE}
      disabled={!known}
      onValueChange={(next) => {
        const index = next[0] === places[0] ? 1 : 0;
        move(index, percentAt(channels, next[index]));
      }}
      onKeyDown={onKeyDown}
    >
      <Slider.Track className="histogram__track">
        <Outlines channels={channels} />
        <span className="histogram__cut" style={{ left: 0, width: `${100 * places[0]}%` }} />
        <span className="histogram__cut" style={{ left: `${100 * places[1]}%`, right: 0 }} />
        {channels.length > 1 &&
          channels.flatMap((channel, i) =>
            value.map((percent, limit) => (
              <span
                key={`${COLOURS[i]} ${LIMITS[limit]}`}
                className="histogram__limit"
                style={{ left: `${100 * placeIn(channel, percent)}%`, background: COLOURS[i] }}
              />
            )),
          )}
      </Slider.Track>
      {LIMITS.map((limit, index) => (
        <Slider.Thumb
          key={limit}
          className="histogram__thumb"
          data-limit={index}
          aria-label={`${label}: ${limit} limit`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={value[index]}
          aria-valuetext={`${value[index]} %${known ? `: ${valuesAt(channels, value[index])}` : ''}`}
        />
      ))}
    </Slider.Root>
  );
});

/** The sample values of all channels at a percentile. */
export const valuesAt = (channels: readonly ChannelHistogram[], percent: number) =>
  channels.map((channel) => significant(valueAt(channel, percent))).join(', ');

function Outlines({ channels }: { channels: readonly ChannelHistogram[] }) {
  const paths = useMemo(() => channels.map(({ counts }) => outlineOf(counts)), [channels]);
  return (
    <svg
      className="histogram__outlines"
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {paths.map((path, i) => (
        <path
          key={COLOURS[i]}
          d={path}
          fill={paths.length > 1 ? COLOURS[i] : 'var(--text-2)'}
          fillOpacity={paths.length > 1 ? 0.5 : 0.8}
        />
      ))}
    </svg>
  );
}
