// Bundles the benchmarks and runs them: `npm run bench -- --runs 9`; `--part studio` for one alone.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleForNode } from '../scripts/bundle.mjs';

const PARTS = { networks: 'bench.ts', studio: 'studio/studio.ts' };

const here = dirname(fileURLToPath(import.meta.url));
const { values, tokens } = parseArgs({
  options: { part: { type: 'string' }, runs: { type: 'string' } },
  tokens: true,
});
if (values.part && !(values.part in PARTS)) {
  throw new Error(`There is no part “${values.part}”: ${Object.keys(PARTS).join(', ')}.`);
}
const rest = tokens.flatMap((token) =>
  token.kind === 'option' && token.name !== 'part' ? [`--${token.name}`, token.value ?? ''] : [],
);
process.exitCode = 0;
for (const part of values.part ? [values.part] : Object.keys(PARTS)) {
  const outfile = join(here, '..', 'node_modules', '.cache', `bench-${part}.mjs`);
  await bundleForNode(join(here, PARTS[part]), outfile);
  const { main } = await import(outfile);
  const code = await main(join(here, '..'), rest);
  if (code !== 0) process.exitCode = code;
}
