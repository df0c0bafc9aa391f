import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHscError } from '../../core/errors';
import { codestreamOf, MAX_LEVELS, packetsOf } from './codestream';
import { OpenJpeg } from './openJpeg';
import { openJpegFromPackage } from './openjpegNode';

const [width, height] = [150, 110];

/** A 16-bit band with slopes, an edge and texture. */
function band(): Uint16Array<ArrayBuffer> {
  let state = 1;
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    state = (state * 48271) % 2147483647;
    const texture = 900 * (state / 2147483647);
    return 20000 + 9000 * Math.sin(x / 19) * Math.cos(y / 13) + (x > y ? 8000 : 0) + texture;
  });
}

function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return -10 * Math.log10(sum / a.length / 65535 ** 2);
}

let openJpeg: OpenJpeg;
let folder: string;
beforeAll(async () => {
  openJpeg = await OpenJpeg.load(openJpegFromPackage);
  folder = mkdtempSync(join(tmpdir(), 'hsc-j2k-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const missing = spawnSync('opj_compress', ['-h']).error !== undefined;
if (missing) console.warn('SKIPPED the comparison with opj_compress: it is not installed.');

describe.skipIf(missing)('the reference implementation', () => {
  it.each([8, 4, 2, 1, 0.5, 0.25])('gives the same size and PSNR at %s bits a sample', (rate) => {
    const samples = band();
    const raw = join(folder, `${rate}.rawl`);
    const reference = join(folder, `${rate}.j2k`);
    writeFileSync(raw, samples);
    const format = `${width},${height},1,16,u`;
    execFileSync('opj_compress', [
      ...['-i', raw, '-o', reference, '-F', format],
      ...['-r', String(16 / rate), '-I'],
    ]);
    const theirs = new Uint8Array(readFileSync(reference));
    const maxBytes = (samples.length * rate) / 8;
    const ours = openJpeg.encode({ width, height, samples }, { bits: 16, levels: 5, maxBytes });
    expect(ours.length).toBe(theirs.length);
    const size = { width, height, signed: false } as const;
    const ourPsnr = psnr(samples, openJpeg.decode(ours, size));
    expect(ourPsnr).toBe(psnr(samples, openJpeg.decode(theirs, size)));

    const file = join(folder, `ours-${rate}.j2k`);
    const decoded = join(folder, `ours-${rate}.rawl`);
    writeFileSync(file, codestreamOf(packetsOf(ours), { ...size, bits: 16, levels: 5 }));
    execFileSync('opj_decompress', ['-i', file, '-o', decoded]);
    const bytes = readFileSync(decoded);
    const theirSamples = new Uint16Array(new Uint8Array(bytes).buffer);
    expect(psnr(samples, theirSamples)).toBe(ourPsnr);
  });
});

describe('code streams without their markers', () => {
  it.each([0, 1, 2, 3, 4, 5, MAX_LEVELS])('decode to the same samples at %s levels', (levels) => {
    for (const bits of [9, 12, 16]) {
      const scale = 2 ** (16 - bits + 1);
      const samples = Int16Array.from(band(), (value) => Math.round((value - 32768) / scale));
      for (const maxBytes of [160, 400, 3000]) {
        const codestream = openJpeg.encode({ width, height, samples }, { bits, levels, maxBytes });
        const packets = packetsOf(codestream);
        const shape = { width, height, bits, signed: true, levels } as const;
        const restored = openJpeg.decode(codestreamOf(packets, shape), shape);
        expect(restored).toEqual(openJpeg.decode(codestream, shape));
        expect(codestream.length - packets.length).toBeGreaterThan(110);
      }
    }
  });

  it('give typed errors where they are damaged, and the next call works', () => {
    const samples = band();
    const shape = { width, height, bits: 16, signed: false, levels: 5 } as const;
    const options = { bits: 16, levels: 5, maxBytes: 900 };
    const codestream = openJpeg.encode({ width, height, samples }, options);
    const whole = openJpeg.decode(codestream, shape);
    for (const damaged of [codestream.slice(0, 20), new Uint8Array(0), new Uint8Array(300)]) {
      expect(() => openJpeg.decode(damaged, shape)).toThrow(expect.toSatisfy(isHscError));
    }
    const other = { ...shape, width: width + 1 };
    expect(() => openJpeg.decode(codestream, other)).toThrow(/damaged/);
    expect(openJpeg.decode(codestream, shape)).toEqual(whole);
  });
});
