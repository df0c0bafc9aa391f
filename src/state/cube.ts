import { isHsc } from '../core/bitstream/header';
import type { OpenedCube } from '../engine/api';
import type { OpenOptions } from '../formats/types';
import { type Notice, noticeOf } from './notice';
import type { SliceTools } from './store';

/** Where the open cube came from, so that it can be opened again with other choices. */
export type CubeOrigin =
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'sample'; readonly sample: string };

export interface CubeSlice {
  readonly cube: OpenedCube | undefined;
  readonly cubeOrigin: CubeOrigin | undefined;
  readonly openOptions: OpenOptions;
  /** Name of what is being opened. */
  readonly opening: string | undefined;
  readonly openNotice: Notice | undefined;
  /** Opens what was dropped or picked: cubes with their headers, `.hsc` files, or both. */
  openFiles(files: readonly File[]): Promise<void>;
  openSample(sample: string): Promise<void>;
  /** Opens the same files with another variable or axis order. */
  reopen(options: OpenOptions): Promise<void>;
  closeCube(): Promise<void>;
  dismissOpenNotice(): void;
}

/** By content; a damaged file that is named `.hsc` is refused by the decoder, in its words. */
async function isHscFile(file: File): Promise<boolean> {
  if (file.name.toLowerCase().endsWith('.hsc')) return true;
  return isHsc(new Uint8Array(await file.slice(0, 3).arrayBuffer()));
}

async function partition(files: readonly File[]): Promise<{ hsc: File[]; others: File[] }> {
  const flags = await Promise.all(files.map(isHscFile));
  return {
    hsc: files.filter((_, i) => flags[i]),
    others: files.filter((_, i) => !flags[i]),
  };
}

export function cubeSlice({ set, get, engine }: SliceTools): CubeSlice {
  let serial = 0;

  async function adopt(
    name: string,
    origin: CubeOrigin,
    options: OpenOptions,
    open: (id: string) => Promise<OpenedCube>,
  ): Promise<void> {
    const mine = ++serial;
    set({ opening: name, openNotice: undefined });
    try {
      const cube = await open(`cube ${mine}`);
      if (mine !== serial) {
        await engine.close(cube.id);
        return;
      }
      const previous = get().cube;
      get().cancel();
      get().leaveSweep();
      set({ cube, cubeOrigin: origin, openOptions: options });
      await get().cubeOpened(cube, previous);
      if (previous) await engine.close(previous.id);
    } catch (error) {
      if (mine === serial) set({ openNotice: noticeOf(error) });
    } finally {
      if (mine === serial) set({ opening: undefined });
      await get().refreshMemory();
    }
  }

  return {
    cube: undefined,
    cubeOrigin: undefined,
    openOptions: {},
    opening: undefined,
    openNotice: undefined,

    async openFiles(files) {
      if (files.length === 0) return;
      const { hsc, others } = await partition(files);
      if (others.length > 0) {
        const name = others.length === 1 ? others[0].name : `${others.length} files`;
        const origin: CubeOrigin = { kind: 'files', files: others };
        await adopt(name, origin, {}, (id) => engine.open(id, others, {}));
      }
      if (hsc.length > 0) await get().openHsc(hsc[0]);
      if (hsc.length > 1) {
        set({
          openNotice: {
            message: `Of the ${hsc.length} .hsc files only ${hsc[0].name} was opened: open the others one at a time.`,
          },
        });
      }
    },

    async openSample(sample) {
      const title = get().samples.find(({ id }) => id === sample)?.title ?? sample;
      await adopt(title, { kind: 'sample', sample }, {}, (id) => engine.openSample(id, sample));
    },

    async reopen(options) {
      const { cubeOrigin, cube } = get();
      if (!cube || cubeOrigin?.kind !== 'files') return;
      const { files } = cubeOrigin;
      await adopt(cube.info.name, cubeOrigin, options, (id) => engine.open(id, files, options));
    },

    async closeCube() {
      serial++;
      const { cube } = get();
      get().cancel();
      get().leaveSweep();
      await get().closeResult();
      set({ cube: undefined, cubeOrigin: undefined, opening: undefined, openNotice: undefined });
      get().resetView();
      if (cube) await engine.close(cube.id);
      await get().refreshMemory();
    },

    dismissOpenNotice: () => set({ openNotice: undefined }),
  };
}
