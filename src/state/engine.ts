import type {
  BackendChoice,
  BackendName,
  CodecCard,
  EngineMemory,
  SampleCard,
} from '../engine/api';
import { type Notice, noticeOf } from './notice';
import type { SliceTools } from './store';
import { named } from './tuned';

export interface EngineSlice {
  readonly backend: BackendChoice | undefined;
  readonly backendStarting: boolean;
  /** The backend that the user forced, if any. */
  readonly backendWanted: BackendName | undefined;
  readonly engineNotice: Notice | undefined;
  readonly codecs: readonly CodecCard[];
  readonly samples: readonly SampleCard[];
  readonly memory: EngineMemory | undefined;
  /** Starts the engine, or restarts it on the backend named. */
  startEngine(backend?: BackendName): Promise<void>;
  /** Reads the list of codecs anew: weights were added or removed. */
  reloadCodecs(): Promise<void>;
  loadSamples(): Promise<void>;
  refreshMemory(): Promise<void>;
  engineRestarted(reason: string): void;
  dismissEngineNotice(): void;
}

export function engineSlice({ set, get, engine }: SliceTools): EngineSlice {
  return {
    backend: undefined,
    backendStarting: false,
    backendWanted: undefined,
    engineNotice: undefined,
    codecs: [],
    samples: [],
    memory: undefined,

    async startEngine(backendWanted) {
      set({ backendStarting: true, backendWanted, backend: undefined });
      try {
        const backend = await engine.start(backendWanted);
        if (get().backendWanted !== backendWanted) return;
        set({ backend });
        await get().reloadCodecs();
        await get().loadTuning();
      } catch (error) {
        if (get().backendWanted !== backendWanted) return;
        set({ engineNotice: noticeOf(error) });
        if (backendWanted) await get().startEngine();
      } finally {
        if (get().backendWanted === backendWanted) set({ backendStarting: false });
        await get().refreshMemory();
      }
    },

    async reloadCodecs() {
      const codecs = named(await engine.codecs(), get().tunedWeights);
      set({ codecs });
      get().adoptCodecs(codecs);
    },

    async loadSamples() {
      try {
        set({ samples: await engine.samples() });
      } catch (error) {
        set({ engineNotice: noticeOf(error) });
      }
    },

    async refreshMemory() {
      // The figure in the status bar is a courtesy: an engine that cannot answer has said so.
      set({ memory: await engine.memory().catch(() => undefined) });
    },

    engineRestarted(reason) {
      const reopened = get().cube ? ' Open images were opened again.' : '';
      set({ engineNotice: { code: 'device', message: `${reason}${reopened}` } });
    },

    dismissEngineNotice: () => set({ engineNotice: undefined }),
  };
}
