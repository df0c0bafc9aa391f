// Draws the start page's pictures of the shipped scenes: `npm run samples`, after changing one.
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules', '.cache', 'hsc', 'samples.mjs');
await bundleForNode(join(root, 'scripts', 'samplePictures.ts'), outfile);
const { drawSamples } = await import(outfile);
await drawSamples(join(root, 'public', 'samples'));
