// Bundles the benchmark and runs it: `npm run bench -- --runs 9`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from '../scripts/bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, '..', 'node_modules', '.cache', 'bench.mjs');
await bundleForNode(join(here, 'bench.ts'), outfile);
const { main } = await import(outfile);
process.exitCode = await main(join(here, '..'), process.argv.slice(2));
