import { useEffect, useMemo } from 'react';
import { type AttentionShown, attentionWanted } from '../../state/attention';
import { useStudio, useStudioStore } from '../../state/react';
import { alike, type BlockValues, difference, population, valuesOf } from './statistics';

const SETTLE_MS = 250;

/** Reads and edits whenever what is asked for has been the same for a moment. */
export function useSettling(): void {
  const store = useStudioStore();
  const asked = useStudio((state) =>
    JSON.stringify([attentionWanted(state), state.attentionEdits]),
  );
  useEffect(() => {
    const timer = setTimeout(() => store.getState().settleAttention(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [store, asked]);
}

/** Which of the views can be shown now. */
export function useAvailable(): Readonly<Record<AttentionShown, boolean>> {
  const read = useStudio((state) => state.attention);
  const held = useStudio((state) => state.attentionHeld);
  const patches = useStudio((state) => state.attentionPopulation?.patches.length ?? 0);
  return {
    patch: read !== undefined,
    held: held !== undefined,
    difference: read !== undefined && held !== undefined && alike(read.blocks, held.blocks),
    mean: patches > 0,
    spread: patches > 1,
  };
}

export function usePopulation() {
  const patches = useStudio((state) => state.attentionPopulation?.patches);
  return useMemo(() => population(patches ?? []), [patches]);
}

/** The values that the map shows; none where the chosen view has nothing to show yet. */
export function useShownValues(): readonly BlockValues[] {
  const read = useStudio((state) => state.attention);
  const held = useStudio((state) => state.attentionHeld);
  const shown = useStudio((state) => state.attentionView.shown);
  const available = useAvailable()[shown];
  const { mean, spread } = usePopulation();
  return useMemo(() => {
    if (!available) return [];
    if (shown === 'mean') return mean;
    if (shown === 'spread') return spread;
    if (shown === 'held') return valuesOf(held?.blocks ?? []);
    if (shown === 'difference' && held) return difference(read?.blocks ?? [], held.blocks);
    return valuesOf(read?.blocks ?? []);
  }, [available, shown, read, held, mean, spread]);
}
