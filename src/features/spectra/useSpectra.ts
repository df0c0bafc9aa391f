import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { movedArea } from '../../core/cube/polygon';
import { isHscError } from '../../core/errors';
import { useEngine } from '../../state/react';
import type { Engine } from '../../state/store';
import type { Place } from './places';
import type { SpectrumSource } from './sources';

/** A spectrum at all bands of its source; NaN where there is no data. */
export interface Spectrum {
  readonly values: ArrayLike<number>;
  /** Standard deviation over the pixels of a region. */
  readonly deviation?: ArrayLike<number>;
  /** Pixels that a mean was taken of. */
  readonly pixels: number;
}

export interface Spectra {
  /** The spectrum of a place in a source, once it is read; undefined outside of the source. */
  of(place: Place, source: SpectrumSource): Spectrum | undefined;
  /** A region that is being read, 0..1. */
  readonly reading?: { readonly place: string; readonly done: number };
}

/** Spectra kept for when a mark or a source comes back. */
const KEPT = 400;
/** Reading that takes no longer than this is not spoken of. */
const PATIENCE_MS = 500;

interface Request {
  readonly key: string;
  readonly place: Place;
  readonly source: SpectrumSource;
}

/** Whether a source covers all of a place: means over different pixels would not compare. */
export function covers({ window: whole }: SpectrumSource, { window }: Place): boolean {
  return (
    window.x >= whole.x &&
    window.y >= whole.y &&
    window.x + window.width <= whole.x + whole.width &&
    window.y + window.height <= whole.y + whole.height
  );
}

/** A place in the pixels of a source. */
const areaIn = ({ window: { x, y } }: SpectrumSource, place: Place) => movedArea(place, -x, -y);

function requestOf(place: Place, source: SpectrumSource): Request | undefined {
  if (!covers(source, place)) return undefined;
  const { window, polygon } = areaIn(source, place);
  const corners = polygon?.flatMap(({ x, y }) => [x, y]) ?? [];
  const { x, y, width, height } = window;
  const key = [place.kind, source.cube, x, y, width, height, ...corners].join(' ');
  return { key, place, source };
}

async function read(
  engine: Engine,
  { place, source }: Request,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Spectrum> {
  const area = areaIn(source, place);
  const { x, y } = area.window;
  if (place.kind === 'pixel')
    return { values: await engine.spectrum(source.cube, x, y), pixels: 1 };
  const { mean, deviation, pixels } = await engine.regionSpectrum(source.cube, area, {
    signal,
    onProgress,
  });
  return { values: mean, deviation, pixels };
}

/**
 * Spectra of all places in all sources, read one after the other. Of pixels that pass under the
 * cursor while one is read, only the last is read next; what is no longer wanted is not read.
 */
export function useSpectra(places: readonly Place[], sources: readonly SpectrumSource[]): Spectra {
  const engine = useEngine();
  const held = useRef(new Map<string, Spectrum>());
  const lastPointed = useRef(new Map<string, Spectrum>());
  const wanted = useRef<readonly Request[]>([]);
  const running = useRef<{ readonly key: string; readonly controller: AbortController }>(undefined);
  const [version, setVersion] = useState(0);
  const [reading, setReading] = useState<Spectra['reading']>();

  const requests = useMemo(
    () => places.flatMap((place) => sources.flatMap((source) => requestOf(place, source) ?? [])),
    [places, sources],
  );

  const readNext = useCallback(async () => {
    if (running.current) return;
    for (;;) {
      const next = wanted.current.find(({ key }) => !held.current.has(key));
      if (!next) return;
      const controller = new AbortController();
      running.current = { key: next.key, controller };
      const start = performance.now();
      const onProgress = (done: number) => {
        // A report may arrive after its answer.
        const late = running.current?.controller !== controller;
        if (!late && performance.now() - start > PATIENCE_MS)
          setReading({ place: next.place.key, done });
      };
      const spectrum = await read(engine, next, controller.signal, onProgress).catch(
        (error: unknown): Spectrum | undefined =>
          isHscError(error) && error.code === 'aborted' ? undefined : { values: [], pixels: 0 },
      );
      running.current = undefined;
      setReading(undefined);
      if (!spectrum) continue;
      held.current.set(next.key, spectrum);
      if (next.place.key === 'pointed') lastPointed.current.set(next.source.cube, spectrum);
      for (const key of held.current.keys()) {
        if (held.current.size <= KEPT) break;
        if (!wanted.current.some((one) => one.key === key)) held.current.delete(key);
      }
      setVersion((count) => count + 1);
    }
  }, [engine]);

  useEffect(() => {
    wanted.current = requests;
    // What could not be read is tried again when something else is asked for.
    for (const [key, { pixels }] of held.current) if (pixels === 0) held.current.delete(key);
    const { current } = running;
    if (current && !requests.some(({ key }) => key === current.key)) current.controller.abort();
    readNext();
  }, [requests, readNext]);

  return useMemo(() => {
    void version;
    return {
      reading,
      of(place, source) {
        const request = requestOf(place, source);
        if (!request) return undefined;
        const spectrum = held.current.get(request.key);
        // The last pixel's spectrum stays until the next has come: no flicker under the cursor.
        if (!spectrum && place.key === 'pointed') return lastPointed.current.get(source.cube);
        return spectrum?.pixels ? spectrum : undefined;
      },
    };
  }, [version, reading]);
}
