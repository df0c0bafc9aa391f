import type { Measurement } from '../src/cli/measure';
import { deltasAgainst, groups, meanPoints } from '../src/cli/summary';

/** What a table shows of a measured point. */
export type CardPoint = Pick<
  Measurement,
  | 'cube'
  | 'codec'
  | 'rate'
  | 'width'
  | 'height'
  | 'bpp'
  | 'psnr'
  | 'ssim'
  | 'sam'
  | 'lpips'
  | 'encodeMs'
>;

const ANCHOR = 'klt-jpeg2000';
const START = '<!-- measured: npm run models:measure writes what stands here -->';
const START_NEIGHBOURS =
  '<!-- neighbours, measured: npm run models:measure writes what stands here -->';
const END = '<!-- end of what was measured -->';
const LABELS: Readonly<Record<string, string>> = {
  'hific-opt': 'HiFiC opt',
  'hific-se': 'HiFiC SE',
  'hific-3d': 'HiFiC 3D',
  'hific-opt-gan': 'HiFiC opt GAN',
  'hific-se-gan': 'HiFiC SE GAN',
  'hific-3d-gan': 'HiFiC 3D GAN',
  'klt-jpeg2000': 'KLT + JPEG 2000',
  'pca-jpeg2000': 'PCA + JPEG 2000',
  jpeg2000: 'JPEG 2000',
  hyperprior: 'Hyperprior',
  'cae-1d': '1D-CAE',
  sscnet: 'SSCNet',
  'cae-3d': '3D-CAE',
  'wavelet-3d': '3-D wavelet',
  'dct-3d': '3-D DCT',
  'dpcm-dct': 'DPCM + DCT',
};

const labelOf = (codec: string) => LABELS[codec] ?? codec;

const signed = (value: number, digits: number) =>
  Number.isFinite(value)
    ? `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`
    : 'no overlap';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function deltaTable(points: readonly CardPoint[]): string {
  const rows = deltasAgainst(ANCHOR, points as readonly Measurement[])
    .sort((a, b) => b.meanPsnr - a.meanPsnr)
    .map(({ codec, meanPsnr, meanRate, positive, compared }) => [
      labelOf(codec),
      `${signed(meanPsnr, 2)} dB`,
      Number.isFinite(meanRate) ? `${signed(meanRate, 1)} %` : 'no overlap',
      `${positive} of ${compared}`,
    ]);
  return table(['codec', 'BD-PSNR', 'BD-rate', 'better on'], rows);
}

function cubeDeltaTable(points: readonly CardPoint[]): string {
  const deltas = deltasAgainst(ANCHOR, points as readonly Measurement[]);
  const cubes = [...groups(points, ({ cube }) => cube).keys()];
  const rows = cubes.map((cube) => [
    cube,
    ...deltas.map(({ cubes: own }) => {
      const delta = own.find((d) => d.cube === cube)?.psnr.delta;
      return delta === undefined ? '' : signed(delta, 2);
    }),
  ]);
  return table(['cube', ...deltas.map(({ codec }) => labelOf(codec))], rows);
}

function meanTable(points: readonly CardPoint[]): string {
  const rows = meanPoints(points as readonly Measurement[]).map((mean) => [
    labelOf(mean.codec),
    (mean.rate ?? Number.NaN).toFixed(1),
    mean.bpp.toFixed(3),
    mean.psnr.toFixed(2),
    mean.ssim.toFixed(4),
    mean.sam.toFixed(2),
    mean.lpips.toFixed(4),
  ]);
  return table(['codec', 'target, bpp', 'bpp', 'PSNR, dB', 'SSIM', 'SAM, °', 'LPIPS'], rows);
}

/** What the GAN stage changes, means over the cubes. */
function stageTable(points: readonly CardPoint[]): string {
  const means = meanPoints(points as readonly Measurement[]);
  const rows = means.flatMap((gan) => {
    const variant = gan.codec.replace(/-gan$/, '');
    const before = means.find(({ codec, rate }) => codec === variant && rate === gan.rate);
    if (variant === gan.codec || !before) return [];
    return [
      [
        labelOf(variant),
        (gan.rate ?? Number.NaN).toFixed(1),
        `${signed(100 * (gan.bpp / before.bpp - 1), 1)} %`,
        `${before.lpips.toFixed(4)} → ${gan.lpips.toFixed(4)}`,
        `${signed(100 * (gan.lpips / before.lpips - 1), 1)} %`,
        `${signed(gan.psnr - before.psnr, 2)} dB`,
      ],
    ];
  });
  return table(['', 'target, bpp', 'bpp', 'LPIPS', 'LPIPS', 'PSNR'], rows);
}

const secondsOf = (points: readonly CardPoint[]) =>
  (points.reduce((sum, { encodeMs }) => sum + encodeMs, 0) / points.length / 1000).toFixed(2);

/** What choosing symbols by looks adds to the GAN stage, and both to the fidelity stage, means over the cubes. */
function fitTable(points: readonly CardPoint[], fitted: readonly CardPoint[]): string {
  const means = meanPoints(points as readonly Measurement[]);
  const rows = meanPoints(fitted as readonly Measurement[]).flatMap((own) => {
    const at = (codec: string) => means.find((m) => m.codec === codec && m.rate === own.rate);
    const [gan, fidelity] = [at(own.codec), at(own.codec.replace(/-gan$/, ''))];
    if (!gan || !fidelity) return [];
    const less = (other: number) => `${signed(100 * (own.lpips / other - 1), 1)} %`;
    return [
      [
        labelOf(own.codec),
        (own.rate ?? Number.NaN).toFixed(1),
        `${signed(100 * (own.bpp / gan.bpp - 1), 1)} %`,
        less(gan.lpips),
        `${signed(own.psnr - gan.psnr, 2)} dB`,
        less(fidelity.lpips),
        `${signed(own.psnr - fidelity.psnr, 2)} dB`,
      ],
    ];
  });
  const head = ['', 'target, bpp', 'bpp', 'LPIPS', 'PSNR', 'LPIPS, both', 'PSNR, both'];
  return table(head, rows);
}

/** How long the fit by looks takes. */
function fitText(points: readonly CardPoint[], fitted: readonly CardPoint[]): string {
  const codecs = new Set(fitted.map(({ codec }) => codec));
  const before = points.filter(({ codec }) => codecs.has(codec));
  return (
    `Symbols chosen by looks (\`--perceptual-fit\`) of the GAN stage, against the same stage without, and both ` +
    `against the fidelity stage; ${secondsOf(fitted)} s instead of ${secondsOf(before)} s a cube to encode:`
  );
}

function rateTable(codec: string, points: readonly CardPoint[]): string {
  const own = points.filter((point) => point.codec === codec);
  const rates = [...new Set(own.map(({ rate = 0 }) => rate))].sort((a, b) => a - b);
  const rows = [...groups(own, ({ cube }) => cube)].map(([cube, same]) => [
    cube,
    `${same[0].height} × ${same[0].width}`,
    ...rates.map((rate) => {
      const point = same.find((p) => p.rate === rate);
      return point ? `${point.bpp.toFixed(3)} / ${point.psnr.toFixed(2)}` : '';
    }),
  ]);
  const head = ['cube', 'pixels', ...rates.map((rate) => `${rate.toFixed(1)} bpp`)];
  return `**${labelOf(codec)}**\n\n${table(head, rows)}`;
}

interface Results {
  readonly points: readonly CardPoint[];
  /** Points of one codec with latents rounded to the nearest integers. */
  readonly plainRounding: readonly CardPoint[];
  /** Of the GAN stage, with symbols chosen by looks. */
  readonly perceptualFit: readonly CardPoint[];
  /** At the grid `vswir-200`: the cubes that span it. */
  readonly wide: readonly CardPoint[];
  /** The codecs that HiFiC is compared with, at rates that reach beyond its own. */
  readonly neighbours: readonly CardPoint[];
}

/** Means over the cubes, a column a target rate, and of codecs of one rate at that. */
function neighbourTables({ points, neighbours }: Results): string[] {
  const hific = points.filter(({ codec }) => codec === 'hific-se');
  const all: readonly CardPoint[] = [...hific, ...neighbours];
  const means = meanPoints(all as readonly Measurement[]);
  const rates = [...new Set(neighbours.flatMap(({ rate }) => rate ?? []))].sort((a, b) => a - b);
  const codecs = [...new Set(means.filter(({ rate }) => rate !== undefined).map((m) => m.codec))];
  const cubes = groups(neighbours, ({ cube }) => cube).size;
  const rows = codecs.map((codec) => [
    labelOf(codec),
    ...rates.map((rate) => {
      const mean = means.find((one) => one.codec === codec && one.rate === rate);
      return mean ? `${mean.psnr.toFixed(2)} / ${mean.sam.toFixed(2)}` : '';
    }),
  ]);
  const fixed = means
    .filter(({ rate }) => rate === undefined)
    .map(({ codec, bpp, psnr, sam }) => [
      labelOf(codec),
      bpp.toFixed(2),
      psnr.toFixed(2),
      sam.toFixed(2),
    ]);
  return [
    `Means over the ${cubes} test cubes on \`vnir-128\`, PSNR in dB / SAM in degrees at each target rate:`,
    table(['codec', ...rates.map((rate) => `${rate} bpp`)], rows),
    'Codecs of one rate:',
    table(['codec', 'bpp', 'PSNR, dB', 'SAM, °'], fixed),
  ];
}

/** What the fit of the latents to the image gives and takes. */
function roundingText({ points, plainRounding }: Results): string {
  const codec = plainRounding[0].codec;
  const plain = plainRounding.map((point) => ({ ...point, codec: 'plain' }));
  const chosen = points.filter((point) => point.codec === codec);
  const both: readonly CardPoint[] = [...plain, ...chosen];
  const [delta] = deltasAgainst('plain', both as readonly Measurement[]);
  return (
    `Latents fitted to the image with their bits in mind (${labelOf(codec)}): BD-PSNR ` +
    `${signed(delta.meanPsnr, 2)} dB and BD-rate ${signed(delta.meanRate, 1)} % against nearest ` +
    `integers; ${secondsOf(chosen)} s instead of ${secondsOf(plainRounding)} s a cube to encode, ` +
    'search for the rate included.'
  );
}

/** The tables of docs/models.md from measured points, put between its marks. */
export function withTables(text: string, results: Results): string {
  const { points, wide, perceptualFit } = results;
  const wideCubes = [...groups(wide, ({ cube }) => cube).keys()].join('`, `');
  const learned = ['hific-opt', 'hific-se', 'hific-3d'];
  const parts = [
    `Against ${labelOf(ANCHOR)}, means over the cubes:`,
    deltaTable(points),
    'Means over the cubes:',
    meanTable(points),
    'What the GAN stage changes, means over the cubes (LPIPS by SqueezeNet; AlexNet trained):',
    stageTable(points),
    fitText(points, perceptualFit),
    fitTable(points, perceptualFit),
    roundingText(results),
    'BD-PSNR in dB, cube by cube:',
    cubeDeltaTable(points),
    'Rate and distortion, cube by cube: bpp of the whole file / PSNR in dB.',
    ...learned.map((codec) => rateTable(codec, points)),
    '### The whole reflected range: `vswir-200`',
    `The test cubes that span it (\`${wideCubes}\`). Against ${labelOf(ANCHOR)}, means over the cubes:`,
    deltaTable(wide),
    'Means over the cubes:',
    meanTable(wide),
    'What the GAN stage changes, means over the cubes:',
    stageTable(wide),
    'BD-PSNR in dB, cube by cube:',
    cubeDeltaTable(wide),
    'Rate and distortion, cube by cube: bpp of the whole file / PSNR in dB.',
    ...learned.map((codec) => rateTable(codec, wide)),
  ];
  const models = between(text, START, parts);
  return between(models, START_NEIGHBOURS, neighbourTables(results));
}

/** The text with those paragraphs between a mark and the next end. */
function between(text: string, start: string, parts: readonly string[]): string {
  const from = text.indexOf(start);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`docs/models.md lacks the marks of ${start}`);
  return `${text.slice(0, from)}${start}\n\n${parts.join('\n\n')}\n\n${text.slice(to)}`;
}
