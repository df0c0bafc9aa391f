// Bundles a TypeScript program for Node into one file; packages stay in node_modules.
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const { resolve } = createRequire(import.meta.url);

/** The parts of tfjs-core that its entry lacks (gradients) are modules that Node itself cannot load. */
const partsOfTfjs = {
  name: 'parts-of-tfjs',
  setup(bundle) {
    bundle.onResolve({ filter: /^@tensorflow\/tfjs-core\/dist\// }, ({ path }) => ({
      path: resolve(path),
    }));
  },
};

export async function bundleForNode(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    plugins: [partsOfTfjs],
    logLevel: 'error',
  });
}
