import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { evenly, OPTIONS, smoothCube, tinyStore } from '../codecs/hific/testing';
import { localCodecs } from '../codecs/registry';
import { parseFile } from '../core/bitstream/container';
import { useBackend } from '../nn/testing';
import { trainingGoldenBytes } from './testing';

const path = fileURLToPath(new URL('golden/tuned.hsc', import.meta.url));
const facts = fileURLToPath(new URL('golden/tuned.json', import.meta.url));
const weights = trainingGoldenBytes('exported');

/**
 * A file made with exported weights, which `training/tests_decoder` decodes to the same symbols.
 * `RENEW_GOLDEN=1 npx vitest run` writes it where it is missing.
 */
describe('a file made with tuned weights', () => {
  beforeAll(() => useBackend('wasm'));

  it('decodes where these are installed', async () => {
    const store = await tinyStore();
    const entry = await store.addLocal(weights);
    const [codec] = localCodecs(store);
    expect(codec.meta.id).toBe(entry.id);
    if (process.env.RENEW_GOLDEN && !existsSync(path)) {
      const { file } = await codec.encode(smoothCube(80, 64, evenly(16)), OPTIONS);
      const { symbolDigest } = await codec.decode(file);
      writeFileSync(path, file);
      writeFileSync(facts, `${JSON.stringify({ symbolDigest })}\n`);
    }
    const file = new Uint8Array(readFileSync(path));
    const { header } = parseFile(file);
    expect(header).toMatchObject({ family: 'hific', model: { digest: entry.sha256.slice(0, 8) } });
    const decoded = await codec.decode(file);
    expect(decoded.codec).toBe(entry.id);
    expect(decoded.symbolDigest).toBe(JSON.parse(readFileSync(facts, 'utf8')).symbolDigest);
    await store.removeLocal(entry.id);
    await expect(codec.decode(file)).rejects.toMatchObject({ code: 'model-missing' });
  });
});
