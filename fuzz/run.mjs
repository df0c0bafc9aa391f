// Bundles what reads files from outside and throws damaged files at it: `npm run fuzz -- --n 1000000`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from '../scripts/bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
// Seeds are named by their paths from here.
process.chdir(join(here, '..'));
const cache = join(here, '..', 'node_modules', '.cache', 'fuzz');
const bundled = async (name) => {
  const outfile = join(cache, `${name}.mjs`);
  await bundleForNode(join(here, `${name}.ts`), outfile);
  return outfile;
};
const child = await bundled('child');
const { main } = await import(await bundled('main'));
process.exitCode = await main(child, process.argv.slice(2));
