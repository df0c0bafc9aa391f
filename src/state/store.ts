import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '../engine/client';
import type { TuningApi } from '../engine/tuningTypes';
import { type AblationSlice, ablationSlice } from './ablation';
import { type AttentionSlice, attentionSlice } from './attention';
import { type BatchSlice, batchSlice } from './batch';
import { type BitsSlice, bitsSlice } from './bits';
import { type CanvasSlice, canvasSlice } from './canvas';
import { type CodingSlice, codingSlice } from './coding';
import { type ComponentsSlice, componentsSlice } from './components';
import { type CubeSlice, cubeSlice } from './cube';
import { type DamageSlice, damageSlice } from './damage';
import { type EncodingSlice, encodingSlice } from './encoding';
import { type EngineSlice, engineSlice } from './engine';
import { type ExperimentSlice, experimentSlice } from './experiment';
import { type HistorySlice, NO_HISTORY, recordHistory } from './history';
import { type JobsSlice, jobsSlice } from './jobs';
import { type MarksSlice, marksSlice } from './marks';
import { type PanesSlice, panesSlice } from './panes';
import { type PlayerSlice, playerSlice } from './player';
import { PointCache } from './pointCache';
import { type ResultSlice, resultSlice } from './result';
import { type SweepSlice, sweepSlice } from './sweep';
import { type TunedSlice, tunedSlice } from './tuned';
import { type TuningSlice, tuningSlice } from './tuning';
import { type ViewSlice, viewSlice } from './view';
import { type ViewsSlice, viewsSlice } from './views';

export type StudioState = EngineSlice &
  CubeSlice &
  ViewSlice &
  PanesSlice &
  CanvasSlice &
  ComponentsSlice &
  PlayerSlice &
  MarksSlice &
  CodingSlice &
  JobsSlice &
  EncodingSlice &
  ResultSlice &
  SweepSlice &
  ExperimentSlice &
  HistorySlice &
  ViewsSlice &
  BitsSlice &
  DamageSlice &
  AttentionSlice &
  BatchSlice &
  TuningSlice &
  TunedSlice &
  AblationSlice;
export type StudioStore = StoreApi<StudioState>;

/** The part of the engine client that the state calls; tests pass a stand-in. */
export type Engine = Pick<
  EngineClient,
  | 'start'
  | 'codecs'
  | 'samples'
  | 'open'
  | 'openSample'
  | 'encode'
  | 'decode'
  | 'verify'
  | 'survey'
  | 'measure'
  | 'endSurvey'
  | 'attend'
  | 'editAttention'
  | 'picture'
  | 'histogram'
  | 'findComponents'
  | 'spectrum'
  | 'regionSpectrum'
  | 'compare'
  | 'difference'
  | 'errorSpectrum'
  | 'bandStatistics'
  | 'figures'
  | 'locate'
  | 'exportCube'
  | 'fileBits'
  | 'editLatents'
  | 'footprint'
  | 'damage'
  | 'hold'
  | 'memory'
  | 'close'
> &
  TuningApi;

export interface SliceTools {
  readonly set: StudioStore['setState'];
  readonly get: StudioStore['getState'];
  readonly engine: Engine;
}

/**
 * The studio's whole state. Holds ids and small values: samples stay in the worker, measured files
 * in the cache of points (in memory only where none is given).
 */
export function createStudio(engine: Engine, points = new PointCache()): StudioStore {
  const store = createStore<StudioState>()((set, get) => {
    const tools: SliceTools = { set, get, engine };
    return {
      ...engineSlice(tools),
      ...cubeSlice(tools),
      ...viewSlice(tools),
      ...panesSlice(tools),
      ...canvasSlice(tools),
      ...componentsSlice(tools),
      ...playerSlice(tools),
      ...marksSlice(tools),
      ...codingSlice(tools),
      ...jobsSlice(tools),
      ...encodingSlice(tools),
      ...resultSlice(tools),
      ...sweepSlice(tools, points),
      ...experimentSlice(tools),
      ...NO_HISTORY,
      ...viewsSlice(tools),
      ...bitsSlice(tools),
      ...damageSlice(tools),
      ...attentionSlice(tools),
      ...batchSlice(tools),
      ...tuningSlice(tools),
      ...tunedSlice(tools),
      ...ablationSlice(tools),
    };
  });
  recordHistory(store);
  return store;
}
