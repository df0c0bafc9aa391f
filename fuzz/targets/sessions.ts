import { memoryShelf } from '../../src/engine/shelf';
import { RunLedger } from '../../src/engine/tuningLedger';
import { type Manifest, packExperiment, unpackExperiment } from '../../src/state/experimentFile';
import { magnitude, seedOf, slowSeed, textPart } from '../files';
import { experimentShell } from '../shells';
import type { Accepted, Part, Seed, Target } from '../types';

/** A manifest with everything that it can hold. */
function manifest(): Manifest {
  const window = { x: 2, y: 3, width: 8, height: 9 };
  const pane = { id: 'pane-1', codecId: 'hific-se', rate: 0.4, grid: 'vnir-128' };
  const mark = { id: 'm1', name: 'Field', colour: 2 };
  const document = {
    cube: 'cube-1',
    panes: [pane],
    activePane: 'pane-1',
    patch: window,
    patchSize: 'custom',
    stage: 'compare',
    layout: 'grid',
    shown: 'picture',
    errorLimit: 0.1,
    angleLimit: 5,
    split: 0.5,
    strip: 'spectrum',
    closeUps: [{ id: 'c1', ...window }],
    colourMode: 'colour',
    colourMap: 'viridis',
    paneStretch: { 'pane-1': [2, 98] },
    rgbBands: [3, 2, 1],
    greyBand: 4,
    percentiles: [2, 98],
    sceneCamera: { zoom: 'fit' },
    compareCamera: { zoom: 2, center: { x: 1, y: 2 } },
    pins: [{ ...mark, x: 3, y: 4 }],
    regions: [
      { ...mark, window: { x: 0, y: 0, width: 4, height: 4 } },
      {
        ...mark,
        window: { x: 1, y: 1, width: 6, height: 6 },
        polygon: [
          { x: 1, y: 1 },
          { x: 7, y: 1 },
          { x: 4, y: 7 },
        ],
      },
    ],
    pinned: { x: 1, y: 1 },
  };
  const content = {
    studio: '0.1.0',
    savedAt: '2024-05-06T07:08:09Z',
    cube: { name: 'scene', member: 'original.hsc', window },
    results: [
      {
        pane: 'pane-1',
        member: 'pane-1.hsc',
        fileName: 'scene.hsc',
        codec: 'hific-se',
        codedBands: [0, 1, 2],
        wavelengthsNm: [400, 500, 600],
        window,
        madeBy: { codecId: 'hific-se', rate: 0.4 },
        encodeMs: 900,
        distortion: { psnr: 40, samDegrees: null, rmse: 3 },
      },
    ],
    document,
    savedViews: [{ id: 'v1', name: 'Close', document }],
  };
  return content as unknown as Manifest;
}

async function experimentSeeds(): Promise<Seed[]> {
  const members = { 'original.hsc': new Uint8Array(40), 'pane-1.hsc': new Uint8Array(30) };
  const whole = packExperiment(manifest(), members);
  return [seedOf('experiment.hsx', whole), slowSeed('bomb.hsx', bomb())];
}

/** An archive whose members inflate to much more than there is. */
function bomb(): Uint8Array {
  const zeros = new Uint8Array(4 * 2 ** 20);
  return experimentShell.close(zeros, packExperiment(manifest(), {}));
}

async function runExperiment([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const { content, members } = await unpackExperiment(bytes);
  const { document, savedViews, results } = content;
  // What the page hands on to the worker, and what it compares.
  structuredClone(members);
  JSON.stringify(document);
  const counts = [
    results.length,
    savedViews.length,
    document.panes.length,
    document.regions.length,
  ];
  return { shape: `${counts.map(magnitude)} ${Object.keys(members).length}` };
}

const RUN = 'run-1';

/** What a run that was interrupted left behind; `interrupted` reads the entries of all runs. */
async function runLedger([{ bytes }]: readonly Part[]): Promise<Accepted> {
  const shelf = memoryShelf();
  await shelf.write(`${RUN}.run.json`, bytes);
  await shelf.write(`${RUN}.4.state`, new Uint8Array(9));
  const ledger = new RunLedger(shelf);
  const runs = await ledger.interrupted();
  const state = await ledger.read(RUN);
  structuredClone(runs);
  return { shape: `${runs.length} ${state !== undefined} ${state?.validations.length}` };
}

async function ledgerSeeds(): Promise<Seed[]> {
  const scene = { cube: 'cube-1', name: 'field', heldBack: { x: 0, y: 0, width: 9, height: 9 } };
  const settings = { part: 'all', objective: 'mse', steps: 40 };
  const entry = {
    request: { run: RUN, name: 'field', codec: 'hific-opt', scenes: [scene], settings },
    step: 4,
    seconds: 12.5,
    validations: [{ step: 4, gain: 0.1 }],
    steps: [{ step: 1, loss: 2 }],
    stateFile: `${RUN}.4.state`,
    time: 1.7e12,
  };
  return [{ name: 'ledger', parts: [textPart('ledger.json', JSON.stringify(entry))] }];
}

export const SESSIONS: readonly Target[] = [
  {
    name: 'experiment',
    weight: 4,
    codes: ['bad-file', 'truncated', 'limit', 'unsupported'],
    shells: [experimentShell],
    seeds: experimentSeeds,
    run: runExperiment,
  },
  { name: 'ledger', weight: 1, codes: ['bad-file'], seeds: ledgerSeeds, run: runLedger },
];
