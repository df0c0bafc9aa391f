import { useEffect, useMemo } from 'react';
import { damagedCopy } from '../../core/bitstream/damage';
import { damagedSpans, fileMap } from '../../core/bitstream/fileMap';
import type { DamageOutcome } from '../../engine/damage';
import { type DamageOfFile, noDamage } from '../../state/damage';
import { useEngine, useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { type Job, useJob } from '../bits/useJob';

/** What was done to a copy of a file, and where more would be. */
export function useDamageOfFile(id: string): DamageOfFile {
  const kept = useStudio((state) => state.damageOfFile);
  return useMemo(() => (kept?.of === id ? kept : noDamage(id)), [kept, id]);
}

/** The sections of a file, its damaged copy, and the sections that differ. */
export function useCopy({ file, reconstruction }: Result) {
  const { damages } = useDamageOfFile(reconstruction.id);
  const spans = useMemo(() => fileMap(file), [file]);
  return useMemo(() => {
    const copy = damagedCopy(file, damages);
    return { spans, copy, hit: damagedSpans(spans, file, copy) };
  }, [file, damages, spans]);
}

let serial = 0;

/** What the reader makes of the damaged copy, anew after every damage. */
export function useOutcome({ reconstruction }: Result) {
  const engine = useEngine();
  const { id } = reconstruction;
  const { damages } = useDamageOfFile(id);
  const job = useMemo<Job<DamageOutcome> | undefined>(() => {
    if (damages.length === 0) return undefined;
    return async (options) => {
      const request = { reconstruction: id, damages, damaged: `damaged ${++serial}` };
      const outcome = await engine.damage(request, options);
      if (options.signal.aborted && outcome.restored) await engine.close(request.damaged);
      return outcome;
    };
  }, [engine, id, damages]);
  const state = useJob(job);
  const held = state.value?.restored?.image.id;
  useEffect(() => {
    if (!held) return;
    return () => {
      engine.close(held).catch(() => {});
    };
  }, [engine, held]);
  return state;
}

export type RunningOutcome = ReturnType<typeof useOutcome>;
