import { baseName } from '../../core/fileNames';
import { currentResult } from '../../state/panes';
import { useStudio, useStudioStore } from '../../state/react';
import type { PictureStage } from '../../state/view';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports } from '../../ui/exports';

/** What files of figures are named after. */
function useBaseName(): string {
  return useStudio((state) =>
    baseName(state.cube?.info.name ?? currentResult(state)?.fileName ?? 'view'),
  );
}

/** The pictures of the scene or of all panes as a figure. */
export function ViewExport({ stage }: { stage: PictureStage }) {
  const store = useStudioStore();
  const base = useBaseName();
  const draw = async () => (await import('./exportView')).drawView(store.getState(), document);
  return (
    <ExportMenu
      what="the pictures"
      testId="export-view"
      variant="quiet"
      choices={figureExports(`${base}_${stage}`, draw)}
    />
  );
}

export function CloseUpExport() {
  const store = useStudioStore();
  const base = useBaseName();
  const empty = useStudio((state) => state.closeUps.length === 0);
  const draw = async () => (await import('./exportView')).drawCloseUps(store.getState(), document);
  return (
    <ExportMenu
      what="the close-ups"
      testId="export-close-ups"
      variant="quiet"
      disabled={empty}
      choices={figureExports(`${base}_close-ups`, draw)}
    />
  );
}
