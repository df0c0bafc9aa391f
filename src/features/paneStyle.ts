import { useMemo } from 'react';
import type { CodecPane } from '../state/panes';
import { useStudio } from '../state/react';
import { type PaneStyle, paneStyles } from '../ui/codecStyle';
import { fixed } from '../ui/format';

/** The codec that a pane shows, else the one that is chosen for it. */
const shownCodec = ({ result, codecId }: CodecPane) =>
  result?.reconstruction.codec ?? codecId ?? '';

/** The look of every pane by its id: no two are alike. */
export function usePaneStyles(): ReadonlyMap<string, PaneStyle> {
  const panes = useStudio((state) => state.panes);
  return useMemo(() => {
    const styles = paneStyles(panes.map(shownCodec));
    return new Map(panes.map(({ id }, i) => [id, styles[i]]));
  }, [panes]);
}

/** `2 HiFiC SE`; with the rate of its file where another pane shows the same codec. */
export function paneName(pane: CodecPane, panes: readonly CodecPane[]): string {
  const { result } = pane;
  const name = `${panes.indexOf(pane) + 1} ${result?.reconstruction.codecLabel ?? ''}`;
  const alike = panes.filter((other) => shownCodec(other) === shownCodec(pane));
  return result && alike.length > 1 ? `${name}, ${fixed(result.rate.bpp, 2)} bpp` : name;
}
