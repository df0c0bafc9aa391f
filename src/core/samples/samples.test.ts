import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleScenes } from '.';

describe('sample scenes', () => {
  it.each(sampleScenes.map((scene) => [scene.id, scene] as const))(
    '%s is plausible, the same every time, and as described',
    async (_, scene) => {
      const source = scene.open();
      const { width, height, bands, wavelengthsNm } = source.info;
      expect(scene.description).toContain(`${width}×${height} px, ${bands} bands`);
      expect(wavelengthsNm).toHaveLength(bands);
      const picture = readFileSync(`public/samples/${scene.id}.png`);
      expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([width, height]);
      const window = { x: 8, y: 8, width: 32, height: 32 };
      const samples = await source.readWindow(window);
      expect(new Set(samples).size).toBeGreaterThan(200);
      expect(await scene.open().readWindow(window)).toEqual(samples);
    },
  );
});
