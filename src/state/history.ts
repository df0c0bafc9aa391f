import { applyDocument, documentOf, type StudioDocument, sameDocument } from './document';
import type { StudioStore } from './store';

/** Changes that follow one another this closely are one step. */
const STEP_MS = 500;
const MOST_STEPS = 100;

export interface HistorySlice {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo(): void;
  redo(): void;
}

/** What is not undone: where one looks. */
function withoutLook(document: StudioDocument): StudioDocument {
  const { sceneCamera: _, compareCamera: __, stage: ___, ...rest } = document;
  return rest as StudioDocument;
}

/**
 * Remembers arrangements of a store as they change, and gives it the means to go back and forth.
 * Another cube begins a new history.
 */
export function recordHistory(store: StudioStore): void {
  const tools = { get: store.getState, set: store.setState };
  const past: StudioDocument[] = [];
  const future: StudioDocument[] = [];
  let present = documentOf(store.getState());
  let changedAt = 0;
  let applying = false;

  const tell = () => {
    const known = store.getState();
    const [canUndo, canRedo] = [past.length > 0, future.length > 0];
    if (known.canUndo !== canUndo || known.canRedo !== canRedo)
      store.setState({ canUndo, canRedo });
  };

  const go = (from: StudioDocument[], to: StudioDocument[]) => {
    const next = from.pop();
    if (!next) return;
    to.push(present);
    applying = true;
    const { stage, sceneCamera, compareCamera } = store.getState();
    applyDocument(tools, { ...next, stage, sceneCamera, compareCamera });
    present = documentOf(store.getState());
    applying = false;
    changedAt = 0;
    tell();
  };

  store.setState({ undo: () => go(past, future), redo: () => go(future, past) });

  store.subscribe((state, previous) => {
    if (applying || state === previous) return;
    const next = documentOf(state);
    // What opening a cube arranges is where its history begins.
    if (next.cube !== present.cube || state.opening !== undefined) {
      past.length = 0;
      future.length = 0;
      changedAt = 0;
      present = next;
      tell();
      return;
    }
    if (sameDocument(withoutLook(next), withoutLook(present))) {
      present = next;
      return;
    }
    const now = Date.now();
    if (now - changedAt > STEP_MS) {
      past.push(present);
      past.splice(0, past.length - MOST_STEPS);
    }
    changedAt = now;
    future.length = 0;
    present = next;
    tell();
  });
}

export const NO_HISTORY: HistorySlice = {
  canUndo: false,
  canRedo: false,
  undo: () => {},
  redo: () => {},
};
