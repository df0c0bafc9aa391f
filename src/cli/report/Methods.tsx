import type { ReactNode } from 'react';
import { HIGH_PERCENTILE, LOW_PERCENTILE } from '../../core/cube/normalize';
import type { Measurement } from '../measure';
import type { ReportSetting } from './ReportPage';

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface MethodsProps {
  readonly setting: ReportSetting;
  readonly points: readonly Measurement[];
}

/** What was measured and how, complete enough to repeat it. */
export function Methods({ setting, points }: MethodsProps) {
  const { version, backend, machine, date, metadata, grid, shownRate } = setting;
  return (
    <section>
      <h2>What was measured, and how</h2>
      <dl className="methods">
        <Item name="Files">
          Every figure comes from a file that was written to disk, read back and decoded. Its bytes
          count whole: header, checks and side information included, {METADATA[metadata]}.
        </Item>
        <Item name="Samples">
          {grid
            ? `Every cube was resampled to the spectral grid ${grid} first, on the part of it that ` +
              'the cube covers, as float32 in the cube’s own units: all codecs saw the same samples.' +
              (points.some(({ rate }) => rate === undefined) ? LOSSLESS_ON_GRID : '')
            : 'The cubes’ own bands in their own type; where a codec is bound to a spectral range, ' +
              'the bands inside.'}
        </Item>
        <Item name="Rate">
          bpp: bits of the file per pixel, all bands together; bpppc: per pixel and band. The ratio
          is against the compared bands in {grid ? 'float32' : 'the type that the cube has'}.
        </Item>
        <Item name="PSNR">
          Over all samples of the compared bands together. Original and reconstruction are
          normalised by the original’s {LOW_PERCENTILE} and {HIGH_PERCENTILE} percentiles over all
          bands and clipped to 0…1; the peak is 1.{clipping(points)}
        </Item>
        <Item name="SSIM">
          Mean over bands and pixels, normalised as for PSNR; Gaussian window of 11×11 pixels (Wang
          et al. 2004).
        </Item>
        <Item name="Spectral angle">
          SAM, the mean over pixels of the angle between the two spectra in degrees, in the cube’s
          own units; less is better.
        </Item>
        <Item name="GMSD">
          Gradient magnitude similarity deviation of the three shown bands (Xue et al. 2014); less
          is better.
        </Item>
        <Item name="RMSE, maximum error">In the cube’s own units, before clipping.</Item>
        <Item name="Pictures, spectra">
          At the target of {shownRate} bpp, or a codec’s nearest measured one; targets are what was
          asked for, the bpp beside them what the file has.
        </Item>
        <Item name="Machine">
          HSI Compression Studio {version}, networks on the {backend} backend, {machine},{' '}
          {date.toISOString().slice(0, 10)}. Times are of this machine.
        </Item>
      </dl>
    </section>
  );
}

const LOSSLESS_ON_GRID =
  ' A lossless file holds these samples, which take more bits than the sensor’s own.';

const METADATA: Readonly<Record<string, string>> = {
  none: 'without metadata',
  spectral: 'with the band centres',
  all: 'with all metadata',
};

function clipping(points: readonly Measurement[]): string {
  const most = Math.max(...points.map(({ clippedShare }) => clippedShare));
  return ` At most ${(100 * most).toFixed(2)} % of a cube’s samples were clipped.`;
}
