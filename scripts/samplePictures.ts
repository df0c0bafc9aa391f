import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { png } from '../src/cli/png';
import { composite, percentileStretch, trueColourBands } from '../src/core/cube/composite';
import { type SampleScene, sampleScenes } from '../src/core/samples';

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
