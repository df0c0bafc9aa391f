import { fixed } from '../ui/format';
import type { Measurement } from './measure';
import { type CodecDeltas, deltasAgainst, meanPoints } from './summary';
import { table } from './terminal';

const target = (rate: number | undefined) => (rate === undefined ? '–' : rate.toFixed(2));

/** A difference with its sign; `–` where there is none. */
export function signed(value: number | undefined, decimals: number): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const text = value.toFixed(decimals);
  if (Number(text) === 0) return text.replace('-', '');
  return value > 0 ? `+${text}` : text;
}

/** Every measured point, one a row. */
export function pointTable(points: readonly Measurement[]): string {
  return table(
    ['cube', 'codec', 'rate', 'bpp', 'bpppc', 'bytes', 'ratio', 'PSNR dB', 'SSIM', 'SAM °'],
    points.map((point) => [
      point.cube,
      point.codec,
      target(point.rate),
      point.bpp.toFixed(4),
      point.bpppc.toFixed(5),
      String(point.bytes),
      point.ratio.toFixed(1),
      fixed(point.psnr, 2),
      fixed(point.ssim, 4),
      point.sam.toFixed(2),
    ]),
  );
}

function meanTable(points: readonly Measurement[]): string {
  return table(
    ['mean of', 'cubes', 'rate', 'bpp', 'PSNR dB', 'SSIM', 'SAM °', 'LPIPS', 'enc. s', 'dec. s'],
    meanPoints(points).map((mean) => [
      mean.codec,
      String(mean.cubes),
      target(mean.rate),
      mean.bpp.toFixed(4),
      fixed(mean.psnr, 2),
      fixed(mean.ssim, 4),
      mean.sam.toFixed(2),
      Number.isNaN(mean.lpips) ? '–' : mean.lpips.toFixed(4),
      (mean.encodeMs / 1000).toFixed(2),
      (mean.decodeMs / 1000).toFixed(2),
    ]),
  );
}

function deltaTable(anchor: string, deltas: readonly CodecDeltas[]): string {
  const rows = deltas.flatMap(({ codec, cubes, ...mean }) => [
    ...cubes.map(({ cube, psnr, rate }) => [
      codec,
      cube,
      signed(psnr.delta, 2),
      signed(rate.delta, 1),
      '',
    ]),
    [
      codec,
      '(mean)',
      signed(mean.meanPsnr, 2),
      signed(mean.meanRate, 1),
      `better on ${mean.positive} of ${mean.compared}`,
    ],
  ]);
  return table([`against ${anchor}`, 'cube', 'BD-PSNR dB', 'BD-rate %', ''], rows);
}

/** Means over the cubes and, with an anchor, Bjøntegaard deltas. */
export function summaryTables(points: readonly Measurement[], anchor: string | undefined): string {
  const means = meanTable(points);
  const deltas = anchor ? deltasAgainst(anchor, points) : [];
  return anchor && deltas.length > 0 ? `${means}\n\n${deltaTable(anchor, deltas)}` : means;
}
