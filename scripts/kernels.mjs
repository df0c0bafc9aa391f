// Compiles kernels/ (AssemblyScript) to src/nn/simd/module.ts: `npm run kernels`.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const MODULE = 'src/nn/simd/module.ts';

/** The source of the module that holds the compiled kernels. Throws what the compiler says. */
export async function compiledModule() {
  const { error, stderr, binary } = await compiled();
  if (error) throw new Error(`The kernels do not compile: ${stderr}`, { cause: error });
  return `// Made from kernels/ by \`npm run kernels\`.\n\n/** WebAssembly, base64. */\nexport const KERNELS =\n  '${Buffer.from(binary).toString('base64')}';\n`;
}

async function compiled() {
  const files = ['kernels/winograd.ts', 'kernels/norm.ts'];
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
  let binary = new Uint8Array();
  const result = await asc.main(
    [...files, ...options, '--baseDir', root, '--outFile', 'kernels.wasm'],
    {
      writeFile: (_name, content) => {
        binary = content;
      },
    },
  );
  return { error: result.error, stderr: result.stderr.toString(), binary };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL(`../${MODULE}`, import.meta.url), await compiledModule());
}
