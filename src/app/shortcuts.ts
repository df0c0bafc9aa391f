import { useEffect } from 'react';
import { zoomStage } from '../features/stage/zoomStage';
import { activePaneOf, currentResult } from '../state/panes';
import { fitWindow } from '../state/patch';
import { useStudioStore } from '../state/react';
import type { StudioState, StudioStore } from '../state/store';
import { isPictureStage } from '../state/view';
import { saveFile } from '../ui/download';
import { isPaletteChord, matchKey } from './keys';
import { overlays } from './overlays';

export interface Shortcut {
  /** `KeyboardEvent.key`, lower case; at least one must be had without AltGr on every layout. */
  readonly keys: readonly string[];
  readonly shown: string;
  readonly text: string;
  /** Whether it would do something now, for the palette; always where left out. */
  when?(state: StudioState): boolean;
  run(store: StudioStore): void;
}

const click = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();

const nextCodec = ({ getState }: StudioStore) => {
  const { codecs, setCodec } = getState();
  const { codecId } = activePaneOf(getState());
  const at = codecs.findIndex(({ id }) => id === codecId);
  if (codecs.length > 0) setCodec(codecs[(at + 1) % codecs.length].id);
};

const changeRate =
  (direction: 1 | -1) =>
  ({ getState }: StudioStore) =>
    getState().stepRate(direction);

/** The interactive job first: the sweep goes on until nothing else is there to cancel. */
const cancel = ({ getState }: StudioStore) => {
  const { job, cancel: cancelJob, opening, cancelOpening } = getState();
  const { cancelAttention, cancelSweep } = getState();
  if (job) cancelJob();
  else if (opening) cancelOpening();
  else if (!cancelAttention()) cancelSweep();
};

const togglePin = ({ getState }: StudioStore) => {
  const { hovered, pin, togglePin } = getState();
  if (hovered) togglePin(hovered);
  else pin(undefined);
};

/** Side of a region that is made by the keyboard. */
const REGION_SIDE = 9;

const addRegion = ({ getState }: StudioStore) => {
  const { hovered, pinned, addRegion, cube } = getState();
  const at = hovered ?? pinned;
  const image = cube?.info ?? currentResult(getState())?.reconstruction.info;
  if (!at || !image) return;
  const center = { x: at.x + 0.5, y: at.y + 0.5 };
  const side = { width: REGION_SIDE, height: REGION_SIDE };
  addRegion(
    fitWindow({ x: center.x - REGION_SIDE / 2, y: center.y - REGION_SIDE / 2, ...side }, image),
  );
};

/** Where pictures of the original are on the stage. */
const startPolygon = ({ getState }: StudioStore) => {
  const state = getState();
  if (isWorking(state) && isPictureStage(state.stage)) state.startPolygon();
};

const pinCloseUp = ({ getState }: StudioStore) => {
  const { stage, hovered, pinned, addCloseUp } = getState();
  if (stage === 'compare') addCloseUp(hovered ?? pinned);
};

const hasCube = ({ cube }: StudioState) => cube !== undefined;
const hasResult = (state: StudioState) => currentResult(state) !== undefined;
const isWorking = (state: StudioState) => hasCube(state) || hasResult(state);
const showsPictures = (state: StudioState) =>
  isWorking(state) && (isPictureStage(state.stage) || ['bits', 'tune'].includes(state.stage));

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: ['o'],
    shown: 'O',
    text: 'Open files',
    run: () => click('[data-testid="file-input"]'),
  },
  {
    keys: ['e'],
    shown: 'E',
    text: 'Encode',
    when: (state) => Boolean(state.cube && activePaneOf(state).codecId && !state.job),
    run: ({ getState }) => getState().encode(),
  },
  {
    keys: ['escape'],
    shown: 'Esc',
    text: 'Cancel the running job',
    when: ({ job, opening, sweep }) =>
      job !== undefined || opening !== undefined || sweep?.state === 'running',
    run: cancel,
  },
  {
    keys: ['s'],
    shown: 'S',
    text: 'Save the .hsc file',
    when: hasResult,
    run: ({ getState }) => {
      const result = currentResult(getState());
      if (result) saveFile(result.fileName, result.file);
    },
  },
  { keys: ['m'], shown: 'M', text: 'Next codec', when: hasCube, run: nextCodec },
  {
    keys: ['<', '['],
    shown: '<',
    text: 'Lower target rate',
    when: hasCube,
    run: changeRate(-1),
  },
  {
    keys: ['>', ']'],
    shown: '>',
    text: 'Higher target rate',
    when: hasCube,
    run: changeRate(1),
  },
  {
    keys: ['1'],
    shown: '1',
    text: 'Show the scene',
    when: hasCube,
    run: ({ getState }) => getState().cube && getState().setStage('scene'),
  },
  {
    keys: ['2'],
    shown: '2',
    text: 'Compare original and reconstruction',
    when: isWorking,
    run: ({ getState }) => getState().setStage('compare'),
  },
  {
    keys: ['3'],
    shown: '3',
    text: 'Rate–distortion curves',
    when: hasCube,
    run: ({ getState }) => getState().cube && getState().setStage('curves'),
  },
  {
    keys: ['4'],
    shown: '4',
    text: 'Channel attention',
    run: ({ getState }) => getState().cube && getState().setStage('attention'),
  },
  {
    keys: ['5'],
    shown: '5',
    text: 'Where the bits go',
    run: ({ getState }) => currentResult(getState()) && getState().setStage('bits'),
  },
  {
    keys: ['6'],
    shown: '6',
    text: 'Fine-tune on your scene',
    when: hasCube,
    run: ({ getState }) => getState().cube && getState().setStage('tune'),
  },
  {
    keys: ['r'],
    shown: 'R',
    text: 'Start: measure the curves, or fine-tune',
    when: ({ cube, stage }) => cube !== undefined && (stage === 'curves' || stage === 'tune'),
    run: ({ getState }) => {
      if (getState().stage === 'curves') getState().startSweep();
      if (getState().stage === 'tune') getState().startTuning();
    },
  },
  {
    keys: ['k'],
    shown: 'K',
    text: 'Pause fine-tuning, go on with it',
    when: ({ tuningRun }) => tuningRun?.state === 'running' || tuningRun?.state === 'paused',
    run: ({ getState }) => {
      const { tuningRun, steerTuning } = getState();
      if (tuningRun?.state === 'running') steerTuning('pause');
      if (tuningRun?.state === 'paused') steerTuning('resume');
    },
  },
  {
    keys: ['+', '='],
    shown: '+',
    text: 'Zoom in',
    when: showsPictures,
    run: (store) => zoomStage(store, 1),
  },
  {
    keys: ['-', '−'],
    shown: '−',
    text: 'Zoom out',
    when: showsPictures,
    run: (store) => zoomStage(store, -1),
  },
  {
    keys: ['0'],
    shown: '0',
    text: 'Fit into the pane',
    when: showsPictures,
    run: ({ getState }) => {
      const { stage, setCamera } = getState();
      if (stage === 'bits') setCamera('compare', { zoom: 'fit' });
      else if (stage === 'tune') setCamera('scene', { zoom: 'fit' });
      else if (isPictureStage(stage)) setCamera(stage, { zoom: 'fit' });
    },
  },
  {
    keys: ['f'],
    shown: 'F',
    text: 'Hold: the original in every pane',
    // The canvas listens itself: it has to know when the key is let go.
    run: () => {},
  },
  { keys: ['c'], shown: 'C', text: 'Pin a close-up around the cursor', run: pinCloseUp },
  { keys: ['n'], shown: 'N', text: 'Another pane', run: ({ getState }) => getState().addPane() },
  { keys: ['v'], shown: 'V', text: 'Save this view', run: ({ getState }) => getState().saveView() },
  { keys: ['w'], shown: 'W', text: 'Present', run: ({ getState }) => getState().present(true) },
  { keys: ['p'], shown: 'P', text: 'Pin the pixel under the cursor, release it', run: togglePin },
  { keys: ['g'], shown: 'G', text: 'Region of 9 × 9 pixels there', run: addRegion },
  {
    keys: ['l'],
    shown: 'L',
    text: 'Draw a polygon: a region of any shape',
    when: (state) => isWorking(state) && isPictureStage(state.stage),
    run: startPolygon,
  },
  {
    keys: ['b'],
    shown: 'B',
    text: 'Play through the bands, pause',
    run: ({ getState }) => getState().setPlaying(!getState().playing),
  },
  {
    keys: [','],
    shown: ',',
    text: 'Previous band',
    run: ({ getState }) => getState().stepBand(-1),
  },
  { keys: ['.'], shown: '.', text: 'Next band', run: ({ getState }) => getState().stepBand(1) },
  { keys: ['t'], shown: 'T', text: 'Light or dark theme', run: () => click('[data-toggle-theme]') },
  { keys: ['/'], shown: '/', text: 'All commands', run: () => overlays.show('palette') },
  { keys: ['?'], shown: '?', text: 'This sheet', run: () => overlays.show('sheet') },
];

/** Keys that a focused control or an open menu needs for itself. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented) return true;
  const target = event.target instanceof Element ? event.target : undefined;
  if (event.key === 'Escape') return document.querySelector('.popup, .dialog') !== null;
  return (
    target?.closest(
      'input:not([type="file"]), textarea, select, [role="menu"], [role="listbox"]',
    ) != null || document.querySelector('.dialog') !== null
  );
}

/** Ctrl+Z, Ctrl+Shift+Z, Ctrl+Y, where no text is being typed. */
function isUndo(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : undefined;
  return (
    (event.ctrlKey || event.metaKey) &&
    !event.altKey &&
    ['z', 'y'].includes(event.key.toLowerCase()) &&
    !target?.closest('input[type="text"], input:not([type]), textarea, .dialog')
  );
}

export function useShortcuts(): void {
  const store = useStudioStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isUndo(event) && !overlays.store.getState().shown) {
        event.preventDefault();
        const { undo, redo } = store.getState();
        if (event.shiftKey || event.key.toLowerCase() === 'y') redo();
        else undo();
        return;
      }
      if (isPaletteChord(event) && !overlays.store.getState().shown) {
        event.preventDefault();
        overlays.show('palette');
        return;
      }
      // The palette's code may still be on its way: what is typed is not meant for the studio.
      if (overlays.store.getState().shown || isTaken(event)) return;
      const found = matchKey(event, SHORTCUTS);
      if (!found) return;
      event.preventDefault();
      found.run(store);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [store]);
}
