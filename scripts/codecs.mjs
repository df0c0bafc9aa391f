// Makes docs/codecs.md from what the codecs say of themselves: `npm run codecs`, after changing that.
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules', '.cache', 'hsc', 'codecs.mjs');
await bundleForNode(join(root, 'scripts', 'codecsFile.ts'), outfile);
const { writeCodecs } = await import(outfile);
await writeCodecs(root);
