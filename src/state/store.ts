import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '../engine/client';
import { type CodingSlice, codingSlice } from './coding';
import { type CubeSlice, cubeSlice } from './cube';
import { type EngineSlice, engineSlice } from './engine';
import { PointCache } from './pointCache';
import { type ResultSlice, resultSlice } from './result';
import { type SweepSlice, sweepSlice } from './sweep';
import { type ViewSlice, viewSlice } from './view';

export type StudioState = EngineSlice &
  CubeSlice &
  ViewSlice &
  CodingSlice &
  ResultSlice &
  SweepSlice;
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
  | 'survey'
  | 'measure'
  | 'endSurvey'
  | 'picture'
  | 'spectrum'
  | 'compare'
  | 'locate'
  | 'exportCube'
  | 'memory'
  | 'close'
>;

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
  return createStore<StudioState>()((set, get) => {
    const tools: SliceTools = { set, get, engine };
    return {
      ...engineSlice(tools),
      ...cubeSlice(tools),
      ...viewSlice(tools),
      ...codingSlice(tools),
      ...resultSlice(tools),
      ...sweepSlice(tools, points),
    };
  });
}
