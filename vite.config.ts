import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { offline } from './src/offline/plugin';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const TYPES: Record<string, string> = {
  json: 'application/json',
  wasm: 'application/wasm',
};

/**
 * Serves the files of a folder outside `public/` under `<mount>/` while developing, and puts them
 * there in the build. Node reads the same folders where they lie.
 */
function assetFolder(mount: string, folder: string, wanted: RegExp): Plugin {
  return {
    name: `assets-${mount}`,
    configureServer(server) {
      server.middlewares.use(`/${mount}`, (request, response, next) => {
        const name = basename(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
        const path = join(folder, name);
        if (!wanted.test(name) || !existsSync(path)) {
          next();
          return;
        }
        const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
        response.setHeader('Content-Type', type);
        createReadStream(path).pipe(response);
      });
    },
    async generateBundle() {
      const names = existsSync(folder) ? await readdir(folder) : [];
      for (const name of names.filter((one) => wanted.test(one))) {
        const source = await readFile(join(folder, name));
        this.emitFile({ type: 'asset', fileName: `${mount}/${name}`, source });
      }
    },
  };
}

export default defineConfig({
  // Relative, so that the build works from any folder of any host.
  base: './',
  plugins: [
    react(),
    assetFolder('models', here('models'), /^[\w.-]+\.(json|safetensors)$/),
    assetFolder(
      'openjpeg',
      here('node_modules/@cornerstonejs/codec-openjpeg/dist'),
      /^openjpegwasm\.wasm$/,
    ),
    assetFolder('tfjs', here('node_modules/@tensorflow/tfjs-backend-wasm/dist'), /\.wasm$/),
    offline(),
  ],
  // The scanner does not follow workers: without the entry, a dependency that is met late (a reader
  // behind a dropped file) would reload the page of a developer, and of `npm start`.
  optimizeDeps: { entries: ['index.html', 'src/engine/worker.ts'] },
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 4000 },
});
