import type { PixelWindow } from '../core/cube/types';
import type { Layout, Shown } from '../state/canvas';
import { freshPanes, type PaneSettings, rateWithin } from '../state/panes';
import { fitWindow } from '../state/patch';
import type { StudioState, StudioStore } from '../state/store';
import type { Stage } from '../state/view';

/** The address follows the state once it has come to rest. */
const REST_MS = 300;

const STAGES: readonly Stage[] = ['scene', 'compare', 'curves'];
const LAYOUTS: readonly Layout[] = ['grid', 'swipe'];
const SHOWN: readonly Shown[] = ['picture', 'shown', 'all', 'sam'];

/** What an address says: a shipped sample, what of it is coded how, and what is shown. */
interface Address {
  readonly sample: string;
  readonly patch?: PixelWindow;
  readonly panes: readonly PaneSettings[];
  readonly bands?: readonly number[];
  readonly stage?: Stage;
  readonly layout?: Layout;
  readonly shown?: Shown;
}

/** The part of an address behind `#`; empty where the state does not fit into one. */
export function formatAddress(state: StudioState): string {
  const { cubeOrigin, patch, panes, colourMode, rgbBands, greyBand, stage, layout, shown } = state;
  if (cubeOrigin?.kind !== 'sample') return '';
  const parameters = new URLSearchParams({ sample: cubeOrigin.sample });
  if (patch) parameters.set('patch', [patch.x, patch.y, patch.width, patch.height].join(','));
  const coded = panes.flatMap(({ codecId, rate }) => (codecId ? [`${codecId}@${rate}`] : []));
  if (coded.length > 0) parameters.set('panes', coded.join(','));
  parameters.set('bands', (colourMode === 'grey' ? [greyBand] : rgbBands).join(','));
  parameters.set('stage', stage);
  if (layout !== 'grid') parameters.set('layout', layout);
  if (shown !== 'picture') parameters.set('shown', shown);
  return `#${parameters.toString().replaceAll('%2C', ',').replaceAll('%40', '@')}`;
}

/** Nothing where the address names no sample; what it says wrongly is left out. */
export function parseAddress(hash: string): Address | undefined {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const sample = parameters.get('sample');
  if (!sample) return undefined;
  const patch = numbers(parameters.get('patch'), 4);
  const bands = numbers(parameters.get('bands'), 1, 3);
  return {
    sample,
    patch: patch && { x: patch[0], y: patch[1], width: patch[2], height: patch[3] },
    panes: panesOf(parameters.get('panes')),
    bands: bands?.length === 2 ? undefined : bands,
    stage: oneOf(STAGES, parameters.get('stage')),
    layout: oneOf(LAYOUTS, parameters.get('layout')),
    shown: oneOf(SHOWN, parameters.get('shown')),
  };
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T | undefined {
  return known.find((one) => one === value);
}

/** Whole numbers from 0 on, as many as asked for. */
function numbers(text: string | null, least: number, most = least): number[] | undefined {
  const found = (text ?? '').split(',').map(Number);
  const good = found.every((value) => Number.isInteger(value) && value >= 0);
  return text && good && found.length >= least && found.length <= most ? found : undefined;
}

function panesOf(text: string | null): PaneSettings[] {
  return (text ?? '').split(',').flatMap((part) => {
    const [codecId, rate] = part.split('@');
    return codecId && Number(rate) > 0 ? [{ codecId, rate: Number(rate), grid: undefined }] : [];
  });
}

/** Opens what an address names, and codes it. */
export async function openAddress(store: StudioStore, hash: string): Promise<void> {
  const address = parseAddress(hash);
  if (!address || !store.getState().samples.some(({ id }) => id === address.sample)) return;
  await store.getState().openSample(address.sample);
  const { cube } = store.getState();
  if (!cube) return;
  const { patch, panes, bands, stage, layout = 'grid', shown = 'picture' } = address;
  if (patch && patch.width > 0 && patch.height > 0) {
    store.setState({ patch: fitWindow(patch, cube.info) });
  }
  if (panes.length > 0) store.setState(freshPanes(panes));
  if (bands?.every((band) => band < cube.info.bands)) showBands(store, bands);
  store.setState({ layout, shown });
  await engineReady(store);
  adoptKnown(store);
  if (stage !== 'compare') return;
  store.getState().setStage('compare');
  await store.getState().encode();
}

function showBands(store: StudioStore, bands: readonly number[]): void {
  const { setGreyBand, setRgbBands } = store.getState();
  if (bands.length === 1) setGreyBand(bands[0]);
  else setRgbBands([bands[0], bands[1], bands[2]]);
}

/** Codecs that an address names and this build lacks give way; rates are moved into their range. */
function adoptKnown(store: StudioStore): void {
  const { codecs, panes, adoptCodecs, updatePane } = store.getState();
  adoptCodecs(codecs);
  for (const { id, rate } of panes) {
    const pane = store.getState().panes.find((one) => one.id === id);
    const codec = codecs.find((one) => one.id === pane?.codecId);
    updatePane(id, { rate: rateWithin(codec, rate) });
  }
}

function engineReady(store: StudioStore): Promise<void> {
  return new Promise((resolve) => {
    const done = () => store.getState().backend && store.getState().codecs.length > 0;
    if (done()) {
      resolve();
      return;
    }
    const stop = store.subscribe(() => {
      if (!done()) return;
      stop();
      resolve();
    });
  });
}

/** Keeps the address in step with the state, without entries in the browser's history. */
export function followAddress(store: StudioStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    const hash = formatAddress(store.getState());
    if (hash === window.location.hash) return;
    const { pathname, search } = window.location;
    history.replaceState(history.state, '', `${pathname}${search}${hash}`);
  };
  store.subscribe((state, previous) => {
    if (state === previous) return;
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  });
}
