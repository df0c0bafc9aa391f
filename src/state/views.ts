import { applyDocument, documentOf, type StudioDocument } from './document';
import type { SliceTools } from './store';

/** An arrangement kept for a talk. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly document: StudioDocument;
}

export interface ViewsSlice {
  readonly savedViews: readonly SavedView[];
  /** The saved view that is presented; -1: what is on the stage now. */
  readonly presented: number | undefined;
  saveView(name?: string): void;
  renameView(id: string, name: string): void;
  removeView(id: string): void;
  showView(id: string): void;
  /** Large type, no panels; arrow keys step through the saved views. */
  present(on: boolean): void;
  stepView(direction: 1 | -1): void;
}

export function viewsSlice({ set, get }: SliceTools): ViewsSlice {
  let serial = 0;

  const show = (index: number) => {
    const view = get().savedViews[index];
    if (!view) return;
    const { cube } = view.document;
    if (cube && cube !== get().cube?.id) get().activateCube(cube);
    applyDocument({ set, get }, view.document);
    if (get().presented !== undefined) set({ presented: index });
  };

  return {
    savedViews: [],
    presented: undefined,

    saveView(name) {
      const { savedViews } = get();
      const id = `view ${Date.now()} ${++serial}`;
      const document = documentOf(get());
      const title = name ?? `View ${savedViews.length + 1}`;
      set({ savedViews: [...savedViews, { id, name: title, document }] });
    },

    renameView: (id, name) =>
      set({
        savedViews: get().savedViews.map((view) => (view.id === id ? { ...view, name } : view)),
      }),

    removeView: (id) => set({ savedViews: get().savedViews.filter((view) => view.id !== id) }),

    showView: (id) => show(get().savedViews.findIndex((view) => view.id === id)),

    present(on) {
      set({ presented: on ? -1 : undefined });
      if (on && get().savedViews.length > 0) show(0);
    },

    stepView(direction) {
      const { presented, savedViews } = get();
      if (presented === undefined || savedViews.length === 0) return;
      const next = Math.min(savedViews.length - 1, Math.max(0, presented + direction));
      if (next !== presented) show(next);
    },
  };
}
