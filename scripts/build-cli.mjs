// Bundles the command line into one file; packages stay in node_modules.
import { join } from 'node:path';
import { build } from 'esbuild';

export async function buildCli(root, outfile) {
  await build({
    entryPoints: [join(root, 'src/cli/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
}
