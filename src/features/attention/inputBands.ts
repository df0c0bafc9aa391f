import { useMemo } from 'react';
import type { ReadAttention } from '../../state/attention';
import { useStudio } from '../../state/react';
import { ACCENT, ORIGINAL, WARN } from '../../ui/chartPalette';
import { dashOf, type Shades } from '../../ui/codecStyle';
import { roundLimits } from '../stage/plot';
import { useAvailable, usePopulation } from './useAttention';

interface GateLine {
  readonly name: string;
  readonly shades: Shades;
  readonly values: Float32Array;
  /** SVG dash pattern; a solid line by default. */
  readonly dash?: string;
}

/** What the plot of the input bands shows. */
export interface InputBandContent {
  /** Wavelengths in nm, or band numbers from 1. */
  readonly xs: readonly number[];
  readonly xLabel: 'nm' | 'band';
  readonly lines: readonly GateLine[];
  /** The patch's mean spectrum, on a scale of its own. */
  readonly mean: ReadAttention['input']['mean'];
  /** Of the axis of gates. */
  readonly limits: readonly [number, number];
}

/** Half the least height of the plot: gates that all agree lie in its middle. */
const MARGIN_OF_GATES = 5e-4;

function closeLimits(lines: readonly GateLine[]): [number, number] {
  const values = lines.flatMap((line) => [...line.values]);
  return roundLimits([
    Math.min(...values) - MARGIN_OF_GATES,
    Math.max(...values) + MARGIN_OF_GATES,
  ]);
}

/** Lines of the input block: the patch, what it is compared with, or the patches of the scene. */
export function useInputBands(read: ReadAttention): InputBandContent {
  const held = useStudio((state) => state.attentionHeld);
  const whole = useStudio((state) => state.attentionView.scale === 'whole');
  const { mean } = usePopulation();
  const comparable = useAvailable().difference;
  return useMemo(() => {
    const lines: GateLine[] = [
      { name: 'this patch', shades: ACCENT, values: read.blocks[0].gates },
    ];
    if (held && comparable) {
      const { gates } = held.blocks[0];
      lines.push({ name: 'A', shades: ORIGINAL, values: gates, dash: dashOf(1) });
    }
    if (mean.length > 0) {
      lines.push({
        name: 'mean of patches',
        shades: WARN,
        values: mean[0].values,
        dash: dashOf(3),
      });
    }
    const { wavelengthsNm, mean: spectrum } = read.input;
    return {
      xs: wavelengthsNm ?? Array.from(spectrum, (_, band) => band + 1),
      xLabel: wavelengthsNm ? 'nm' : 'band',
      lines,
      mean: spectrum,
      limits: whole ? [0, 1] : closeLimits(lines),
    };
  }, [read, held, comparable, mean, whole]);
}
