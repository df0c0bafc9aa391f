import type { PixelWindow } from '../core/cube/types';
import { HscError } from '../core/errors';
import { baseName } from '../core/fileNames';
import type { Distortion } from '../core/metrics/distortion';
import { type Rate, rate } from '../core/metrics/rate';
import type {
  Encoded,
  EncodeReport,
  ExportedFile,
  OpenedCube,
  Reconstruction,
} from '../engine/api';
import type { Verification } from '../engine/verification';
import { type Notice, noticeOf } from './notice';
import { activePaneOf, currentResult, type PaneSettings } from './panes';
import type { SliceTools } from './store';
import type { SweepPoint } from './sweepRun';

/** A decoded file. What it shows is the same whether it was just encoded or opened from disk. */
export interface Result {
  readonly fileName: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly reconstruction: Reconstruction;
  readonly rate: Rate;
  /** The open cube and the window of it that the file is compared with. */
  readonly original?: { readonly cube: string; readonly window: PixelWindow };
  readonly distortion?: Distortion;
  /** Known only where the file was encoded here. */
  readonly report?: EncodeReport;
  /** The settings that it was encoded with here. */
  readonly madeBy?: PaneSettings;
}

/** The check of a result's file in another engine. */
export interface Check {
  /** Id of the reconstruction. */
  readonly of: string;
  /** None while it goes on. */
  readonly found?: Verification;
}

export interface ResultSlice {
  readonly comparing: boolean;
  /** The last one; of another result than the one shown, it says nothing. */
  readonly check: Check | undefined;
  readonly exporting: boolean;
  readonly resultNotice: Notice | undefined;
  /** Compares what was encoded in a pane and shows it there. */
  adoptEncoded(
    pane: string,
    cube: OpenedCube,
    window: PixelWindow,
    targetRate: number | undefined,
    encoded: Encoded,
    madeBy: PaneSettings,
  ): Promise<void>;
  /** Decodes a measured point's file and compares it with the window that it was made of. */
  adoptMeasured(
    cube: OpenedCube,
    window: PixelWindow,
    point: SweepPoint,
    measured: { readonly file: Uint8Array<ArrayBuffer>; readonly bands?: readonly number[] },
  ): Promise<void>;
  /** Decodes a file into the active pane, or into another one beside it. */
  openHsc(file: File, where?: 'active' | 'beside'): Promise<void>;
  /** Compares with the open cube, finding the place in it where it is larger. */
  compareWithCube(): Promise<void>;
  compareIfSameSize(): Promise<void>;
  /** Files to be saved; nothing where it failed, which a notice then says. */
  exportAs(format: string): Promise<ExportedFile[] | undefined>;
  /** Decodes the shown file once more in an engine of its own; again, while that goes on, to cancel. */
  verify(): Promise<void>;
  dismissResultNotice(): void;
}

/** The rate of a file whose original had this shape. */
export function rateOf({ bytes, info, storedType }: Reconstruction): Rate {
  return rate(bytes, info, storedType);
}

/** `samson 96x96+12+40 hific-se 0.6bpp.hsc`, without what file systems dislike. */
export function nameFor(
  cube: OpenedCube,
  window: PixelWindow,
  codec: string,
  target?: number,
): string {
  const { width, height } = cube.info;
  const whole = window.width === width && window.height === height;
  const place = whole ? [] : [`${window.width}x${window.height}+${window.x}+${window.y}`];
  const base = baseName(cube.info.name);
  const rate = target === undefined ? [] : [`${target.toFixed(2)}bpp`];
  return `${[base, ...place, codec, ...rate].join('_')}.hsc`;
}

/** What files that are made of a result are named after. */
export function resultBase({ fileName }: Result): string {
  return fileName.replace(/\.hsc$/i, '');
}

export function resultSlice({ set, get, engine }: SliceTools): ResultSlice {
  let serial = 0;
  let checking: AbortController | undefined;

  async function show(pane: string, result: Result): Promise<void> {
    await get().replaceResult(pane, result);
    set({ resultNotice: undefined, hovered: undefined });
  }

  async function compareAt(result: Result, cube: OpenedCube, window: PixelWindow): Promise<void> {
    const distortion = await engine.compare({
      original: cube.id,
      reconstruction: result.reconstruction.id,
      window,
    });
    const pane = get().panes.find((one) => one.result?.reconstruction === result.reconstruction);
    if (!pane) return;
    const original = { cube: cube.id, window };
    get().updatePane(pane.id, { result: { ...result, original, distortion } });
  }

  return {
    comparing: false,
    check: undefined,
    exporting: false,
    resultNotice: undefined,

    async adoptEncoded(pane, cube, window, targetRate, { file, reconstruction, report }, madeBy) {
      const distortion = await engine.compare({
        original: cube.id,
        reconstruction: reconstruction.id,
        window,
      });
      await show(pane, {
        fileName: nameFor(cube, window, reconstruction.codec, targetRate),
        file,
        reconstruction,
        rate: rateOf(reconstruction),
        original: { cube: cube.id, window },
        distortion,
        report,
        madeBy,
      });
      if (['scene', 'curves'].includes(get().stage)) get().setStage('compare');
    },

    async adoptMeasured(cube, window, point, { file, bands }) {
      const { wavelengthsNm } = cube.info;
      const origin = bands
        ? { bands, wavelengthsNm: wavelengthsNm && bands.map((band) => wavelengthsNm[band]) }
        : { bands: [...Array(cube.info.bands).keys()], wavelengthsNm };
      const reconstruction = await get().runJob('decode', (options) =>
        engine.decode(`measured ${++serial}`, file, options, origin),
      );
      const pane = activePaneOf(get());
      const rate = point.targetRate ?? pane.rate;
      const madeBy = { codecId: point.codec, rate, grid: undefined, perceptualFit: false };
      get().updatePane(pane.id, madeBy);
      set({ patch: window, stage: 'compare' });
      const encoded = { file, reconstruction, report: { encodeMs: point.encodeMs } };
      await get().adoptEncoded(pane.id, cube, window, point.targetRate, encoded, madeBy);
    },

    async openHsc(source, where = 'active') {
      set({ opening: source.name, openNotice: undefined });
      try {
        const file = new Uint8Array(await source.arrayBuffer());
        const reconstruction = await get().runJob('decode', (options) =>
          engine.decode(`opened ${++serial}`, file, options),
        );
        if (where === 'beside') get().addPane();
        await show(get().activePane, {
          fileName: source.name,
          file,
          reconstruction,
          rate: rateOf(reconstruction),
        });
        get().setStage('compare');
        if (!get().cube) get().resetView();
        await get().compareIfSameSize();
      } catch (error) {
        set({ openNotice: noticeOf(error) });
      } finally {
        set({ opening: undefined });
      }
    },

    async compareIfSameSize() {
      const { cube } = get();
      const result = currentResult(get());
      if (!cube || !result) return;
      const { info } = result.reconstruction;
      const same = info.width === cube.info.width && info.height === cube.info.height;
      if (same) await get().compareWithCube();
    },

    async compareWithCube() {
      const { cube } = get();
      const result = currentResult(get());
      if (!cube || !result || get().comparing) return;
      set({ comparing: true, resultNotice: undefined });
      try {
        const { codedBands, id } = result.reconstruction;
        if (Math.max(...codedBands) >= cube.info.bands) {
          throw new HscError(
            'bad-argument',
            `The file was made from a cube with more bands than the ${cube.info.bands} of ${cube.info.name}.`,
          );
        }
        await compareAt(result, cube, await engine.locate(cube.id, id));
      } catch (error) {
        set({ resultNotice: noticeOf(error) });
      } finally {
        set({ comparing: false });
      }
    },

    async exportAs(format) {
      const result = currentResult(get());
      if (!result || get().exporting) return undefined;
      set({ exporting: true, resultNotice: undefined });
      try {
        const base = resultBase(result);
        return await engine.exportCube(result.reconstruction.id, format, base);
      } catch (error) {
        set({ resultNotice: noticeOf(error) });
        return undefined;
      } finally {
        set({ exporting: false });
      }
    },

    async verify() {
      const result = currentResult(get());
      const { check } = get();
      checking?.abort();
      checking = undefined;
      set({ check: undefined, resultNotice: undefined });
      if (!result) return;
      const of = result.reconstruction.id;
      if (check?.of === of && !check.found) return;
      const own = new AbortController();
      checking = own;
      set({ check: { of } });
      try {
        const found = await engine.verify(result.reconstruction, own.signal);
        if (checking === own) set({ check: { of, found } });
      } catch (error) {
        if (checking === own) set({ check: undefined, resultNotice: noticeOf(error) });
      } finally {
        if (checking === own) checking = undefined;
      }
    },

    dismissResultNotice: () => set({ resultNotice: undefined }),
  };
}
