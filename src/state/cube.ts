import { isHsc } from '../core/bitstream/header';
import type { OpenedCube } from '../engine/api';
import { cubesAmong } from '../formats/groups';
import { isMetaName, parseMeta } from '../formats/meta';
import type { OpenOptions } from '../formats/types';
import { EXPERIMENT_EXTENSION } from './experiment';
import { keptView } from './keptView';
import { type Notice, noticeOf } from './notice';
import { activePaneOf, type CodecPane, freshPanes } from './panes';
import type { SliceTools } from './store';
import { WEIGHTS_EXTENSION } from './tuned';
import { isLone, type OpenEntry, withoutLone, workOf } from './workspace';

/** Where the open cube came from, so that it can be opened again with other choices. */
export type CubeOrigin =
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'sample'; readonly sample: string }
  | {
      readonly kind: 'experiment';
      readonly name: string;
      /** The lossless file that the cube is decoded from. */
      readonly file: Uint8Array<ArrayBuffer>;
    };

export interface CubeSlice {
  /** All open cubes in the order in which they were opened. */
  readonly cubes: readonly OpenEntry[];
  /** The one that is looked at, with its origin and options. Invariant: one of `cubes`. */
  readonly cube: OpenedCube | undefined;
  readonly cubeOrigin: CubeOrigin | undefined;
  readonly openOptions: OpenOptions;
  /** Name of what is being opened. */
  readonly opening: string | undefined;
  readonly openNotice: Notice | undefined;
  /** Opens what was dropped or picked: cubes with their headers, `.hsc` files, or both. */
  openFiles(files: readonly File[]): Promise<void>;
  openSample(sample: string): Promise<void>;
  /** Opens the same files with another variable, axis order or corrected metadata. */
  reopen(options: OpenOptions): Promise<void>;
  /** Leaves what is being opened; the engine lets go of it as soon as it has it. */
  cancelOpening(): void;
  /** Corrects the open cube's metadata by a sidecar of edits. */
  openMeta(file: File): Promise<void>;
  /** Takes in a cube that the engine has opened already, and looks at it. */
  adoptOpened(entry: OpenEntry): Promise<void>;
  /** Looks at another open cube; everything stays as it was left there. */
  activateCube(id: string): void;
  /** Closes a cube with all that was made of it, the one looked at if none is named. */
  closeCube(id?: string): Promise<void>;
  /** Closes everything. */
  closeAll(): Promise<void>;
  dismissOpenNotice(): void;
}

/** By content; a damaged file that is named `.hsc` is refused by the decoder, in its words. */
async function isHscFile(file: File): Promise<boolean> {
  if (file.name.toLowerCase().endsWith('.hsc')) return true;
  return isHsc(new Uint8Array(await file.slice(0, 3).arrayBuffer()));
}

/** More at once are work for a batch. */
const MOST_AT_ONCE = 8;

const isExperiment = (name: string) => name.toLowerCase().endsWith(EXPERIMENT_EXTENSION);
const isWeights = (name: string) => name.toLowerCase().endsWith(WEIGHTS_EXTENSION);

async function partition(files: readonly File[]): Promise<{ hsc: File[]; others: File[] }> {
  const flags = await Promise.all(files.map(isHscFile));
  return {
    hsc: files.filter((_, i) => flags[i]),
    others: files.filter((_, i) => !flags[i]),
  };
}

export function cubeSlice({ set, get, engine }: SliceTools): CubeSlice {
  let serial = 0;

  /** Puts aside the work on the cube that is looked at, but for files that may belong to the next. */
  function parked(): readonly OpenEntry[] {
    const { cubes, cube } = get();
    const work = withoutLone(workOf(get()));
    return cubes.map((entry) => (entry.cube.id === cube?.id ? { ...entry, work } : entry));
  }

  async function free(panes: readonly CodecPane[]): Promise<void> {
    for (const { result } of panes) if (result) await engine.close(result.reconstruction.id);
  }

  async function adopt(
    name: string,
    origin: CubeOrigin,
    options: OpenOptions,
    open: (id: string) => Promise<OpenedCube>,
    replaces?: string,
  ): Promise<void> {
    const mine = ++serial;
    set({ opening: name, openNotice: undefined });
    try {
      const cube = await open(`cube ${mine}`);
      if (mine !== serial) {
        await engine.close(cube.id);
        return;
      }
      get().cancel();
      get().leaveSweep();
      get().leaveAttention();
      await look({ cube, origin, options }, replaces);
    } catch (error) {
      if (mine === serial) set({ openNotice: noticeOf(error) });
    } finally {
      if (mine === serial) set({ opening: undefined });
      await get().refreshMemory();
    }
  }

  /** Looks at a cube that was just opened, in place of another where it is the same file. */
  async function look(entry: OpenEntry, replaces?: string): Promise<void> {
    const { cube: previous, panes } = get();
    const lone = panes.filter(isLone);
    if (replaces) await free(panes.filter((pane) => !isLone(pane)));
    const others = parked().filter(({ cube }) => cube.id !== replaces);
    const fresh = freshPanes(panes);
    const moved = fresh.panes.map((pane, i) =>
      isLone(panes[i]) ? { ...pane, result: panes[i].result } : pane,
    );
    const { cube, origin, options } = entry;
    set({
      ...fresh,
      panes: moved,
      cubes: [...others, entry],
      cube,
      cubeOrigin: origin,
      openOptions: options,
    });
    const kept = replaces && previous && keptView(get(), previous.info, cube.info);
    get().cubeOpened(cube);
    if (lone.length === 0 || previous) get().setStage(lone.length > 0 ? 'compare' : 'scene');
    if (kept) set(kept);
    else get().resetView();
    if (lone.length > 0) await get().compareIfSameSize();
    if (replaces) await engine.close(replaces);
  }

  return {
    cubes: [],
    cube: undefined,
    cubeOrigin: undefined,
    openOptions: {},
    opening: undefined,
    openNotice: undefined,

    async openFiles(files) {
      const experiments = files.filter(({ name }) => isExperiment(name));
      const weights = files.filter(({ name }) => isWeights(name));
      const { hsc, others } = await partition(
        files.filter(({ name }) => !isExperiment(name) && !isWeights(name)),
      );
      if (others.length > 0 && others.every(({ name }) => isMetaName(name)) && get().cube) {
        await get().openMeta(others[0]);
        return;
      }
      const cubes = others.length > 0 ? cubesAmong(others) : [];
      const notices: string[] = [];
      for (const own of cubes.slice(0, MOST_AT_ONCE)) {
        const name = own.length === 1 ? own[0].name : `${own.length} files`;
        await adopt(name, { kind: 'files', files: own }, {}, (id) => engine.open(id, own, {}));
        const notice = get().openNotice;
        if (notice) notices.push(notice.message);
      }
      if (cubes.length > MOST_AT_ONCE) {
        notices.push(
          `Of ${cubes.length} images the first ${MOST_AT_ONCE} were opened: Batch takes them all.`,
        );
      }
      if (cubes.length > 1 && notices.length > 0) {
        set({ openNotice: { message: notices.join(' ') } });
      }
      for (const one of experiments) await get().openExperiment(one);
      for (const one of weights) {
        await get().importTuned(one);
        const { tuningNotice, cube } = get();
        const kept = `${one.name} is kept with the tuned weights: open an image to use them.`;
        if (tuningNotice) set({ openNotice: tuningNotice });
        else if (cube) get().setStage('tune');
        else set({ openNotice: { message: kept } });
      }
      for (const [i, one] of hsc.entries()) await get().openHsc(one, i === 0 ? 'active' : 'beside');
    },

    async openSample(sample) {
      const title = get().samples.find(({ id }) => id === sample)?.title ?? sample;
      await adopt(title, { kind: 'sample', sample }, {}, (id) => engine.openSample(id, sample));
    },

    async reopen(options) {
      const { cubeOrigin: origin, cube } = get();
      if (!cube || !origin || origin.kind === 'experiment') return;
      const open = (id: string) =>
        origin.kind === 'files'
          ? engine.open(id, origin.files, options)
          : engine.openSample(id, origin.sample, options);
      await adopt(cube.info.name, origin, options, open, cube.id);
    },

    async openMeta(file) {
      try {
        const overrides = parseMeta(await file.text(), file.name);
        await get().reopen({ ...get().openOptions, overrides });
      } catch (error) {
        set({ openNotice: noticeOf(error) });
      }
    },

    cancelOpening() {
      if (get().opening === undefined) return;
      serial++;
      set({ opening: undefined });
    },

    async adoptOpened(entry) {
      serial++;
      get().leaveSweep();
      get().leaveAttention();
      await look(entry);
      await get().refreshMemory();
    },

    activateCube(id) {
      const { cube } = get();
      const cubes = parked();
      const entry = cubes.find((one) => one.cube.id === id);
      if (!entry || cube?.id === id) return;
      get().cancel();
      get().leaveSweep();
      get().leaveAttention();
      set({
        ...entry.work,
        cubes,
        cube: entry.cube,
        cubeOrigin: entry.origin,
        openOptions: entry.options,
        hovered: undefined,
        bandQuestion: undefined,
        codingNotice: undefined,
        resultNotice: undefined,
      });
    },

    async closeCube(id = get().cube?.id) {
      const { cubes, cube } = get();
      const entry = cubes.find((one) => one.cube.id === id);
      if (!entry || cubes.length === 1) {
        await get().closeAll();
        return;
      }
      if (entry.cube.id === cube?.id) {
        const rest = cubes.filter((one) => one !== entry);
        get().activateCube(rest[rest.length - 1].cube.id);
      }
      const closed = get().cubes.find((one) => one.cube.id === id);
      set({ cubes: get().cubes.filter((one) => one.cube.id !== id) });
      await free(closed?.work?.panes ?? []);
      await engine.close(entry.cube.id);
      await get().refreshMemory();
    },

    async closeAll() {
      serial++;
      const { cubes, cube } = get();
      get().cancel();
      get().leaveSweep();
      get().leaveAttention();
      await get().closeResults();
      set({
        ...freshPanes([activePaneOf(get())]),
        cubes: [],
        cube: undefined,
        cubeOrigin: undefined,
        opening: undefined,
        openNotice: undefined,
        stage: 'scene',
      });
      get().resetView();
      for (const entry of cubes) {
        if (entry.cube.id !== cube?.id) await free(entry.work?.panes ?? []);
        await engine.close(entry.cube.id);
      }
      await get().refreshMemory();
    },

    dismissOpenNotice: () => set({ openNotice: undefined }),
  };
}
