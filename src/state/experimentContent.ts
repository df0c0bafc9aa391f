import { version } from '../../package.json';
import { movedArea } from '../core/cube/polygon';
import type { PixelWindow } from '../core/cube/types';
import type { OpenedCube } from '../engine/api';
import { documentFrom, documentOf, type StudioDocument } from './document';
import type { Manifest } from './experimentFile';
import type { Notice } from './notice';
import type { CodecPane } from './panes';
import { isInside } from './patch';
import type { Result } from './result';
import type { StudioState } from './store';

/** The manifest of the present state and the files that it names, but for the original. */
export function contentOf(state: StudioState, cube: Manifest['cube']) {
  const { results, members } = resultsOf(state, cube?.window);
  const content: Manifest = {
    studio: version,
    savedAt: new Date().toISOString(),
    cube,
    results,
    document: documentOf(state),
    savedViews: state.savedViews,
  };
  return { content, members };
}

export interface Offset {
  readonly x: number;
  readonly y: number;
}

/** Where the experiment's cube begins in the original's pixels. */
export function offsetOf({ cube }: Manifest): Offset {
  return cube ? { x: cube.window.x, y: cube.window.y } : { x: 0, y: 0 };
}

export function moved<T extends Offset>(at: T, { x, y }: Offset): T {
  return { ...at, x: at.x - x, y: at.y - y };
}

/** An arrangement in the pixels and ids of what was opened. */
export function relocated(
  saved: StudioDocument,
  content: Manifest,
  cube: OpenedCube | undefined,
  ids: ReadonlyMap<string, string>,
): StudioDocument {
  const document = documentFrom(saved);
  const offset = offsetOf(content);
  const whole = cube && { x: 0, y: 0, width: cube.info.width, height: cube.info.height };
  const inside = (window: PixelWindow) => !whole || isInside(window, whole);
  const patch = document.patch && moved(document.patch, offset);
  const pinned = document.pinned && moved(document.pinned, offset);
  const isPixel = ({ x, y }: Offset) => inside({ x, y, width: 1, height: 1 });
  const id = (pane: string) => ids.get(pane) ?? pane;
  return {
    ...document,
    cube: cube?.id,
    patch: patch && inside(patch) ? patch : whole,
    pinned: pinned && isPixel(pinned) ? pinned : undefined,
    pins: document.pins.map((pin) => moved(pin, offset)).filter(isPixel),
    regions: document.regions
      .map((region) => ({ ...region, ...movedArea(region, -offset.x, -offset.y) }))
      .filter(({ window }) => inside(window)),
    paneStretch: Object.fromEntries(
      Object.entries(document.paneStretch).map(([pane, percents]) => [id(pane), percents]),
    ),
    closeUps: document.closeUps.map((one) => moved(one, offset)).filter(inside),
    panes: document.panes.map((pane) => ({ ...pane, id: id(pane.id) })),
    activePane: id(document.activePane),
  };
}

/** The files of all panes, and what is known of them. */
function resultsOf({ panes, codecs }: StudioState, saved: PixelWindow | undefined) {
  const shown = panes.filter((pane): pane is CodecPane & { result: Result } =>
    Boolean(pane.result),
  );
  const members = Object.fromEntries(shown.map(({ result }, i) => [memberOf(i), result.file]));
  const results: Manifest['results'] = shown.map(({ id, result }, i) => {
    const { reconstruction, distortion } = result;
    return {
      pane: id,
      member: memberOf(i),
      fileName: result.fileName,
      codec: reconstruction.codec,
      codecVersion: codecs.find((codec) => codec.id === reconstruction.codec)?.version,
      codedBands: [...reconstruction.codedBands],
      wavelengthsNm: reconstruction.info.wavelengthsNm && [...reconstruction.info.wavelengthsNm],
      window: windowIn(saved, result),
      madeBy: result.madeBy,
      encodeMs: result.report?.encodeMs,
      distortion: distortion && figuresOf(distortion),
    };
  });
  return { results, members };
}

/** Where a result lies, if the part of the original that is saved has that place. */
function windowIn(saved: PixelWindow | undefined, { original }: Result): PixelWindow | undefined {
  return saved && original && isInside(original.window, saved) ? original.window : undefined;
}

const memberOf = (i: number) => `pane-${i + 1}.hsc`;

/** JSON has no infinities: a figure without a number is null. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);

function figuresOf({ psnr, samDegrees, rmse }: NonNullable<Result['distortion']>) {
  return { psnr: finite(psnr), samDegrees: finite(samDegrees), rmse: finite(rmse) };
}

/** Networks on another device round differently; a difference beyond that is worth a word. */
const TOLERANCE = { psnr: 0.01, samDegrees: 0.01 };

export function differences(
  { results }: Manifest,
  opened: ReadonlyMap<string, Result>,
): Notice | undefined {
  const different = results.filter(({ pane, distortion: saved }) => {
    const now = opened.get(pane)?.distortion;
    if (!saved || !now) return false;
    const { psnr, samDegrees } = figuresOf(now);
    const far = (a: number | null, b: number | null, most: number) =>
      a === null || b === null ? a !== b : Math.abs(a - b) > most;
    return (
      far(psnr, saved.psnr, TOLERANCE.psnr) ||
      far(samDegrees, saved.samDegrees, TOLERANCE.samDegrees)
    );
  });
  if (different.length === 0) return undefined;
  const names = different.map(({ fileName }) => fileName).join(', ');
  return {
    message: `Figures measured here differ from those saved with the experiment: ${names}.`,
  };
}
