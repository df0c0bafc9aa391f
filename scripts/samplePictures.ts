import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { composite, percentileStretch, trueColourBands } from '../src/core/cube/composite';
import { type SampleScene, sampleScenes } from '../src/core/samples';

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** An 8-bit RGBA picture as PNG. */
function png(width: number, height: number, rgba: Uint8ClampedArray): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 4));
  for (let y = 0; y < height; y++) {
    rows.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (1 + width * 4) + 1);
  }
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

async function picture(scene: SampleScene): Promise<Uint8Array> {
  const source = scene.open();
  const { width, height } = source.info;
  const bands = trueColourBands(source.info);
  const samples = await source.readWindow({ x: 0, y: 0, width, height }, { bands });
  return png(width, height, composite(samples, 3, percentileStretch(samples, 3, [2, 98])));
}

/** Draws every shipped scene in true colour, as the start page shows it. */
export async function drawSamples(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const scene of sampleScenes) {
    await writeFile(join(folder, `${scene.id}.png`), await picture(scene));
  }
}
