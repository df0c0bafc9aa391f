import { useMemo } from 'react';
import type { BandStatistics } from '../../core/cube/bandStatistics';
import { ACCENT } from '../../ui/chartPalette';
import { count, fixed } from '../../ui/format';
import type { SpectrumLine } from '../spectra/lines';
import { SpectraPlot } from '../spectra/SpectraPlot';
import { shadedRuns } from '../stage/plot';

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
  const lines = useMemo<readonly SpectrumLine[]>(
    () =>
      statistics
        ? [{ key: 'mean', name: 'Mean', shades: ACCENT, xs, values: statistics.mean }]
        : [],
    [statistics, xs],
  );
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const range = nm ? `${fixed(low, 0)}–${fixed(high, 0)} nm` : 'no wavelengths, by band number';
  return (
    <figure className="mean-spectrum">
      <SpectraPlot
        label="Mean spectrum of the scene"
        lines={lines}
        limits={low < high ? [low, high] : [low - 0.5, high + 0.5]}
        xLabel={nm ? 'nm' : 'band'}
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
