import { useMemo } from 'react';
import type { BandStatistics } from '../../core/cube/bandStatistics';
import { count, fixed } from '../../ui/format';
import { shadedRuns } from '../stage/plot';
import { type Series, SpectrumPlot } from '../stage/SpectrumPlot';

interface MeanSpectrumProps {
  readonly statistics: BandStatistics | undefined;
  readonly fault: string | undefined;
  readonly bands: number;
  readonly nm: readonly number[] | undefined;
  readonly bad: readonly number[];
}

/** The scene's mean spectrum at the wavelengths chosen: a wrong choice is seen at once. */
export function MeanSpectrum({ statistics, fault, bands, nm, bad }: MeanSpectrumProps) {
  const xs = useMemo(() => nm ?? Array.from({ length: bands }, (_, band) => band + 1), [nm, bands]);
  const series = useMemo<readonly Series[]>(
    () =>
      statistics ? [{ name: 'Mean', colour: 'var(--accent)', xs, values: statistics.mean }] : [],
    [statistics, xs],
  );
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const range = nm ? `${fixed(low, 0)}–${fixed(high, 0)} nm` : 'no wavelengths, by band number';
  return (
    <figure className="mean-spectrum">
      <SpectrumPlot
        label="Mean spectrum of the scene"
        series={series}
        limits={low < high ? [low, high] : [low - 0.5, high + 0.5]}
        xLabel={nm ? 'nm' : 'band'}
        marks={[]}
        shaded={shadedRuns(xs, bad)}
      />
      <figcaption className="muted small">
        {fault ??
          (statistics
            ? `Mean of ${count(statistics.pixels)} pixels, ${range}; bad bands shaded.`
            : 'Reading pixels all over the scene…')}
      </figcaption>
    </figure>
  );
}
