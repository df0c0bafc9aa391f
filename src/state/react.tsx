import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { Engine, StudioState, StudioStore } from './store';

interface Studio {
  readonly store: StudioStore;
  readonly engine: Engine;
}

const StudioContext = createContext<Studio | undefined>(undefined);

export function StudioProvider({ studio, children }: { studio: Studio; children: ReactNode }) {
  return <StudioContext value={studio}>{children}</StudioContext>;
}

function useContextOrThrow(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('A component of the studio was drawn outside its provider.');
  return studio;
}

/** What the selector picks of the state; draws again when that changes. */
export function useStudio<T>(select: (state: StudioState) => T): T {
  return useStore(useContextOrThrow().store, select);
}

/** The store itself, for handlers that act on the state of the moment. */
export function useStudioStore(): StudioStore {
  return useContextOrThrow().store;
}

/** For pictures and spectra, which components ask of the engine and keep themselves. */
export function useEngine(): Engine {
  return useContextOrThrow().engine;
}
