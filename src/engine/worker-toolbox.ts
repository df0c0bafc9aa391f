import type { Codec } from '../codecs/types';
import { HscError } from '../core/errors';
import { keepLarge } from '../offline/keep';
import { originScratch } from './originScratch';
import type { Scratch } from './scratch';
import { originShelf } from './shelf';
import type { Toolbox } from './toolbox';

/** The bundle's name carries the digest of all code behind it: another build, another name. */
const build = new URL(import.meta.url).pathname.split('/').at(-1) ?? '';

/** Everything that needs tfjs, in one chunk that the first start of a backend fetches. */
async function loadNetworks(baseUrl: string) {
  const [registry, { inspectFile }, { openBits }, backend, { browserBackends }, models] =
    await Promise.all([
      import('../codecs/registry'),
      import('../codecs/inspect'),
      import('../codecs/fileBits'),
      import('../nn/backend'),
      import('../nn/backendBrowser'),
      import('../nn/models'),
    ]);
  const wasm = (name: string) => new URL(`tfjs/${name}.wasm`, baseUrl).href;
  const openJpegWasm = async () => {
    const response = await fetch(new URL('openjpeg/openjpegwasm.wasm', baseUrl));
    if (!response.ok) {
      throw new HscError('io', 'The JPEG 2000 module could not be loaded: check the connection.');
    }
    return new Uint8Array(await response.arrayBuffer());
  };
  const folder = new URL('models/', baseUrl).href;
  const fetchModel = models.fetchFromUrl(folder);
  const store = new models.ModelStore(async (file, onBytes) => {
    const bytes = await fetchModel(file, onBytes);
    keepLarge(new URL(file, folder).href, bytes);
    return bytes;
  });
  let codecs: Promise<readonly Codec[]> | undefined;
  return {
    store,
    inspectFile,
    openBits,
    startBackend: backend.startBackend,
    tensorBytes: backend.tensorBytes,
    deviceLost: backend.deviceLost,
    candidates: browserBackends({
      plain: wasm('tfjs-backend-wasm'),
      simd: wasm('tfjs-backend-wasm-simd'),
      threadedSimd: wasm('tfjs-backend-wasm-threaded-simd'),
    }),
    codecs: async () => {
      codecs ??= registry.shippedCodecs(store, openJpegWasm).catch((error: unknown) => {
        codecs = undefined;
        throw error;
      });
      return [...(await codecs), ...registry.localCodecs(store)];
    },
  };
}

type Networks = Awaited<ReturnType<typeof loadNetworks>>;

/** The studio's own parts, each fetched when first used. */
export function workerToolbox(): Toolbox {
  let networks: Networks | undefined;
  let scratch: Scratch | undefined;
  const started = (): Networks => {
    if (!networks) throw new HscError('device', 'The engine has not been started yet.');
    return networks;
  };
  return {
    async openFiles(files, options) {
      const [{ openFiles, readers }, { blobSource }] = await Promise.all([
        import('../formats/registry'),
        import('../formats/bytes'),
      ]);
      const sources = files.map((file) => blobSource(file));
      const opened = await openFiles(sources, options);
      const label = readers.find(({ id }) => id === opened.format)?.label;
      return { ...opened, format: label ?? opened.format };
    },
    async samples() {
      return (await import('../core/samples')).sampleScenes;
    },
    async writer(format) {
      const { writers } = await import('../formats/registry');
      const writer = writers.find(({ id }) => id === format);
      if (!writer) throw new HscError('unsupported', `There is no writer for “${format}”.`);
      return writer;
    },
    async startBackend(baseUrl, wanted) {
      networks ??= await loadNetworks(baseUrl);
      return networks.startBackend(networks.candidates, { only: wanted });
    },
    deviceLost: async () => started().deviceLost(),
    codecs: async () => started().codecs(),
    async version(codec) {
      const entry = (await started().store.entries()).find(({ id }) => id === codec);
      return [build, entry?.sha256].filter(Boolean).join(' ');
    },
    inspect: async (file) => started().inspectFile(file, started().store),
    openBits: async (file, facts, bandsFrom, job) =>
      started().openBits(file, facts, started().store, bandsFrom, job),
    async attention(codec) {
      const { store } = started();
      const { AttendedPatch, requireOneWindow } = await import('../codecs/hific/attention');
      return {
        check: requireOneWindow,
        read: (...patch) => AttendedPatch.read(codec, store, ...patch),
      };
    },
    async tuning() {
      const { store } = started();
      const [{ TuningSession }, { suggestedValidation }] = await Promise.all([
        import('../training/session'),
        import('../training/split'),
      ]);
      return {
        suggestHeldBack: suggestedValidation,
        prepare: (start, job) => TuningSession.prepare(start, store, job),
        async prepareAblation(start, job) {
          const { AblationRun } = await import('../training/ablation');
          const grids = [...new Set((await store.entries()).map(({ grid }) => grid))];
          return AblationRun.prepare({ ...start, grids }, job);
        },
      };
    },
    localModels: async () => started().store,
    shelf: originShelf,
    scratch: () => {
      scratch ??= originScratch();
      return scratch;
    },
    tensorBytes: () => networks?.tensorBytes() ?? 0,
  };
}
