import { isHscError } from '../core/errors';
import { type OnStage, onStage, shownImage } from './bands';
import { type Notice, noticeOf } from './notice';
import type { SliceTools } from './store';

/** Principal components of what is shown: which cube's they are, and of which of its bands. */
export interface ComponentsChoice {
  readonly of: string;
  /** Band numbers of the original, without those that the file calls bad. */
  readonly bands: readonly number[];
  /** The same in the numbering of cube `of`. */
  readonly positions: readonly number[];
}

/**
 * The components that all panes show: those of the original, so that pictures compare, at the
 * bands that all of them hold; those of the decoded image where no original is open.
 */
export function componentsChoice(state: OnStage): ComponentsChoice | undefined {
  const shown = shownImage(state);
  if (!shown) return undefined;
  const { cube, result } = state;
  const { bands } = shown.axis;
  if (!cube) {
    const of = result?.reconstruction.id;
    return of === undefined ? undefined : { of, bands, positions: [...bands.keys()] };
  }
  const bad = new Set(cube.info.badBands);
  const good = bands.filter((band) => !bad.has(band));
  return { of: cube.id, bands: good, positions: good };
}

export interface ComponentsSlice {
  /** How far the search for components is, 0..1, while it runs. */
  readonly findingComponents: number | undefined;
  readonly componentsNotice: Notice | undefined;
  /** Shows the principal components once they are found. */
  showComponents(): Promise<void>;
  cancelComponents(): void;
  dismissComponentsNotice(): void;
}

export function componentsSlice({ set, get, engine }: SliceTools): ComponentsSlice {
  let controller: AbortController | undefined;
  return {
    findingComponents: undefined,
    componentsNotice: undefined,
    async showComponents() {
      const choice = componentsChoice(onStage(get()));
      if (!choice || controller) return;
      const own = new AbortController();
      controller = own;
      set({ findingComponents: 0, componentsNotice: undefined });
      try {
        await engine.findComponents(choice.of, choice.positions, {
          signal: own.signal,
          onProgress: (done) => controller === own && set({ findingComponents: done }),
        });
        // Another image may have been opened meanwhile.
        if (componentsChoice(onStage(get()))?.of === choice.of) get().setColourMode('components');
      } catch (error) {
        const cancelled = isHscError(error) && error.code === 'aborted';
        if (!cancelled) set({ componentsNotice: noticeOf(error) });
      } finally {
        controller = undefined;
        set({ findingComponents: undefined });
      }
    },
    cancelComponents: () => controller?.abort(),
    dismissComponentsNotice: () => set({ componentsNotice: undefined }),
  };
}
