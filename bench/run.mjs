// Bundles the benchmarks and runs them: `npm run bench -- --runs 9`; `--part studio` for one alone.
// What else is on the command line is for the parts.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from '../scripts/bundle.mjs';

const PARTS = {
  networks: 'bench.ts',
  readers: 'readers.ts',
  webgpu: 'webgpu/webgpu.ts',
  studio: 'studio/studio.ts',
  finetune: 'finetune.ts',
  scale: 'scale/scale.ts',
};
/** Those that run where none is named. */
const ALL = ['networks', 'readers', 'studio'];

const here = dirname(fileURLToPath(import.meta.url));
const rest = process.argv.slice(2);
const at = rest.indexOf('--part');
const named = at >= 0 ? rest.splice(at, 2)[1] : undefined;
if (at >= 0 && !(named in PARTS)) {
  throw new Error(`There is no part “${named}”: ${Object.keys(PARTS).join(', ')}.`);
}
process.exitCode = 0;
for (const part of named ? [named] : ALL) {
  const outfile = join(here, '..', 'node_modules', '.cache', `bench-${part}.mjs`);
  await bundleForNode(join(here, PARTS[part]), outfile);
  const { main } = await import(outfile);
  const code = await main(join(here, '..'), rest);
  if (code !== 0) process.exitCode = code;
}
