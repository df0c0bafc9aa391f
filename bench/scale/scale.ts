/**
 * A large scene through the command line: time and memory of encoding and decoding, and whether tiles
 * show; and what coding costs against the size of the image.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathSources } from '../../src/formats/bytesNode';
import { openFiles } from '../../src/formats/registry';
import { BANDS, type SceneSize, writeScene } from './scene';
import { seamsOf } from './seams';

const OPTIONS = {
  size: { type: 'string', default: '4000x3000' },
  interleave: { type: 'string', default: 'bip' },
  codec: { type: 'string', default: 'hific-se' },
  rate: { type: 'string', default: '0.6' },
} as const;

/** Sides in tiles of the images whose costs are compared. */
const SIDES = [1, 2, 4, 8];
const TILE = 96;
const MEMORY_BUDGET = 2 * 2 ** 30;
const SEAM_BUDGET = 1.05;

interface Run {
  readonly seconds: number;
  /** Largest resident memory of the process; Linux only. */
  readonly peakBytes: number | undefined;
}

function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
  } catch {
    // The process has ended, or this is no Linux.
    return undefined;
  }
}

function hsc(root: string, args: readonly string[]): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin', 'hsc.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peakBytes: number | undefined;
  const watch = setInterval(() => {
    peakBytes = peakOf(child.pid as number) ?? peakBytes;
  }, 100);
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      clearInterval(watch);
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) resolve({ seconds, peakBytes });
      else reject(new Error(`hsc ${args[0]} ended with ${code}.`));
    });
  });
}

async function throughFiles(
  root: string,
  folder: string,
  header: string,
  codec: string,
  rate: string,
) {
  const file = join(folder, 'scene.hsc');
  const restored = join(folder, 'restored.img');
  const encode = await hsc(root, ['encode', header, '-o', file, '--codec', codec, '--rate', rate]);
  const decode = await hsc(root, ['decode', file, '-o', restored]);
  return { encode, decode, file, restored: join(folder, 'restored.hdr') };
}

async function opened(header: string) {
  return (await openFiles(await pathSources(header), {})).cube;
}

const inGigabytes = (bytes: number | undefined) =>
  bytes === undefined ? 'not measured' : `${(bytes / 2 ** 30).toFixed(2)} GiB`;

async function large(
  root: string,
  folder: string,
  size: SceneSize,
  { interleave, codec, rate }: { interleave: 'bip' | 'bsq'; codec: string; rate: string },
): Promise<boolean> {
  const header = await writeScene(folder, 'scene', size, interleave);
  const pixels = size.width * size.height;
  const megabytes = (pixels * BANDS * 4) / 1e6;
  console.log(
    `${size.width} × ${size.height} × ${BANDS}, float32 ${interleave}, ${megabytes.toFixed(0)} MB`,
  );
  const { encode, decode, file, restored } = await throughFiles(root, folder, header, codec, rate);
  const bpp = (8 * statSync(file).size) / pixels;
  const images = await Promise.all([header, restored].map(opened));
  const { border, interior } = await seamsOf(images[0], images[1]);
  await Promise.all(images.map((image) => image.close()));
  const report = (name: string, { seconds, peakBytes }: Run) =>
    console.log(
      `  ${name}  ${seconds.toFixed(1)} s, ${(megabytes / seconds).toFixed(1)} MB/s, memory ${inGigabytes(peakBytes)}`,
    );
  report(`encode ${codec} at ${bpp.toFixed(3)} of ${rate} bpp`, encode);
  report('decode', decode);
  const ratio = border / interior;
  console.log(
    `  RMSE along tile borders ${border.toFixed(2)}, elsewhere ${interior.toFixed(2)}: ratio ${ratio.toFixed(4)}`,
  );
  const peaks = [encode, decode].map(({ peakBytes }) => peakBytes ?? 0);
  const good = ratio < SEAM_BUDGET && Math.max(...peaks) < MEMORY_BUDGET;
  console.log(`  ${good ? 'within' : 'OVER'} 2 GiB and a ratio of ${SEAM_BUDGET}`);
  return good;
}

/** What grows with the image, per tile: what starting takes is measured with one tile and taken off. */
async function growth(root: string, folder: string, codec: string, rate: string): Promise<void> {
  console.log('\ntiles   encode, s   decode, s   s per tile beyond the first (encode, decode)');
  let first: { encode: number; decode: number } | undefined;
  for (const side of SIDES) {
    const size = { width: side * TILE, height: side * TILE };
    const header = await writeScene(folder, `side${side}`, size, 'bip');
    const { encode, decode } = await throughFiles(root, folder, header, codec, rate);
    const own = { encode: encode.seconds, decode: decode.seconds };
    const tiles = side * side;
    const each = (what: 'encode' | 'decode') =>
      first ? ((own[what] - first[what]) / (tiles - 1)).toFixed(3) : '–';
    console.log(
      `${String(tiles).padStart(5)} ${own.encode.toFixed(2).padStart(11)} ${own.decode.toFixed(2).padStart(11)}   ${each('encode')}, ${each('decode')}`,
    );
    first ??= own;
  }
}

export async function main(root: string, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const [width, height] = values.size.split('x').map(Number);
  const interleave = values.interleave === 'bsq' ? 'bsq' : 'bip';
  const folder = mkdtempSync(join(tmpdir(), 'hsc-scale-'));
  try {
    const good = await large(root, folder, { width, height }, { ...values, interleave });
    await growth(root, folder, values.codec, values.rate);
    return good ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
