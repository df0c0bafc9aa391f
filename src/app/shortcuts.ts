import { useEffect } from 'react';
import { saveFile } from '../features/result/download';
import { zoomStage } from '../features/stage/zoomStage';
import { useStudioStore } from '../state/react';
import type { StudioStore } from '../state/store';

interface Shortcut {
  /** `KeyboardEvent.key`, lower case. */
  readonly keys: readonly string[];
  readonly shown: string;
  readonly text: string;
  run(store: StudioStore): void;
}

const click = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();

const nextCodec = ({ getState }: StudioStore) => {
  const { codecs, codecId, setCodec } = getState();
  const at = codecs.findIndex(({ id }) => id === codecId);
  if (codecs.length > 0) setCodec(codecs[(at + 1) % codecs.length].id);
};

const changeRate =
  (direction: 1 | -1) =>
  ({ getState }: StudioStore) =>
    getState().stepRate(direction);

/** The interactive job first: the sweep goes on until nothing else is there to cancel. */
const cancel = ({ getState }: StudioStore) => {
  const { job, cancel: cancelJob, cancelSweep } = getState();
  if (job) cancelJob();
  else cancelSweep();
};

const togglePin = ({ getState }: StudioStore) => {
  const { hovered, pinned, pin } = getState();
  pin(hovered ?? (pinned ? undefined : pinned));
};

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: ['o'],
    shown: 'O',
    text: 'Open files',
    run: () => click('[data-testid="file-input"]'),
  },
  { keys: ['e'], shown: 'E', text: 'Encode', run: ({ getState }) => getState().encode() },
  {
    keys: ['escape'],
    shown: 'Esc',
    text: 'Cancel the running job',
    run: cancel,
  },
  {
    keys: ['s'],
    shown: 'S',
    text: 'Save the .hsc file',
    run: ({ getState }) => {
      const { result } = getState();
      if (result) saveFile(result.fileName, result.file);
    },
  },
  { keys: ['m'], shown: 'M', text: 'Next codec', run: nextCodec },
  { keys: ['['], shown: '[', text: 'Lower target rate', run: changeRate(-1) },
  { keys: [']'], shown: ']', text: 'Higher target rate', run: changeRate(1) },
  {
    keys: ['1'],
    shown: '1',
    text: 'Show the scene',
    run: ({ getState }) => getState().cube && getState().setStage('scene'),
  },
  {
    keys: ['2'],
    shown: '2',
    text: 'Compare original and reconstruction',
    run: ({ getState }) => getState().setStage('compare'),
  },
  {
    keys: ['3'],
    shown: '3',
    text: 'Rate–distortion curves',
    run: ({ getState }) => getState().cube && getState().setStage('curves'),
  },
  {
    keys: ['r'],
    shown: 'R',
    text: 'Measure the curves',
    run: ({ getState }) => {
      if (getState().stage === 'curves') getState().startSweep();
    },
  },
  { keys: ['+', '='], shown: '+', text: 'Zoom in', run: (store) => zoomStage(store, 1) },
  { keys: ['-', '−'], shown: '−', text: 'Zoom out', run: (store) => zoomStage(store, -1) },
  {
    keys: ['0'],
    shown: '0',
    text: 'Fit into the pane',
    run: ({ getState }) => {
      const { stage, setCamera } = getState();
      if (stage !== 'curves') setCamera(stage, { zoom: 'fit' });
    },
  },
  { keys: ['p'], shown: 'P', text: 'Pin the pixel under the cursor', run: togglePin },
  { keys: ['t'], shown: 'T', text: 'Light or dark theme', run: () => click('[data-toggle-theme]') },
];

/** Keys that a focused control or an open menu needs for itself. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target instanceof Element ? event.target : undefined;
  if (event.key === 'Escape') return document.querySelector('.popup, .dialog') !== null;
  return (
    target?.closest(
      'input:not([type="file"]), textarea, select, [role="menu"], [role="listbox"]',
    ) != null || document.querySelector('.dialog') !== null
  );
}

export function useShortcuts(onHelp: () => void): void {
  const store = useStudioStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const key = event.key.toLowerCase();
      if (key === '?') {
        onHelp();
        return;
      }
      const found = SHORTCUTS.find(({ keys }) => keys.includes(key));
      if (!found) return;
      event.preventDefault();
      found.run(store);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [store, onHelp]);
}
