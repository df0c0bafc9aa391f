import { freshPanes, type PaneSettings, settingsOf } from './panes';
import type { SliceTools, StudioState } from './store';

/** What a user arranges, apart from panes: undone, saved and shown again by value. */
const FIELDS = [
  'patch',
  'patchSize',
  'stage',
  'layout',
  'shown',
  'errorLimit',
  'angleLimit',
  'split',
  'strip',
  'closeUps',
  'colourMode',
  'rgbBands',
  'greyBand',
  'colourMap',
  'percentiles',
  'paneStretch',
  'sceneCamera',
  'compareCamera',
  'pins',
  'regions',
  'pinned',
] as const satisfies readonly (keyof StudioState)[];

type Field = (typeof FIELDS)[number];

/** A pane's settings under its id. */
export interface PaneRecord extends PaneSettings {
  readonly id: string;
}

/** The arrangement of the studio: small values only, no results. */
export type StudioDocument = Pick<StudioState, Field> & {
  /** The cube that it was made with. */
  readonly cube: string | undefined;
  readonly panes: readonly PaneRecord[];
  readonly activePane: string;
};

export function documentOf(state: StudioState): StudioDocument {
  const fields = Object.fromEntries(FIELDS.map((key) => [key, state[key]]));
  return {
    ...(fields as unknown as Pick<StudioState, Field>),
    cube: state.cube?.id,
    panes: state.panes.map((pane) => ({ id: pane.id, ...settingsOf(pane) })),
    activePane: state.activePane,
  };
}

export function sameDocument(a: StudioDocument, b: StudioDocument): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What JSON makes of a document, with undefined fields given back. */
export function documentFrom(saved: StudioDocument): StudioDocument {
  const missing = Object.fromEntries(FIELDS.map((key) => [key, undefined]));
  return { ...missing, ...saved } as StudioDocument;
}

/**
 * Brings an arrangement back. Panes that are still there keep their results, and follow their
 * settings as if these had been changed by hand; those that are not come back empty.
 */
export function applyDocument(
  { get, set }: Pick<SliceTools, 'get' | 'set'>,
  document: StudioDocument,
): void {
  const { cube: _, panes: wanted, activePane, ...fields } = document;
  const old = new Map(get().panes.map((pane) => [pane.id, pane]));
  const panes = wanted.map((record) => ({ ...record, result: old.get(record.id)?.result }));
  const shown = panes.length > 0 ? { panes, activePane } : freshPanes();
  const left = [...old.values()].filter(({ id }) => !wanted.some((record) => record.id === id));
  set({ ...fields, ...shown, hovered: undefined, drawing: undefined, bandQuestion: undefined });
  for (const { result } of left) if (result) get().freeResult(result);
  for (const { id } of panes) get().refreshSoon(id);
}
