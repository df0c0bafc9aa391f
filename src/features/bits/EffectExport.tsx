import { PIXELS_PER_LATENT as BLOCK } from '../../core/bitstream/tiles';
import type { Difference, LatentPosition } from '../../engine/bits';
import type { BitsView } from '../../state/bits';
import { useStudio, useStudioStore } from '../../state/react';
import { type Result, resultBase } from '../../state/result';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports } from '../../ui/exports';
import { bandScale, canvasCell, canvasOf } from '../canvasCell';
import { bandsText, unitOf } from '../figureCaption';
import { bandOf, endsOf, tableOf } from './differences';
import { blockFrame, drawMap } from './figures';
import { useBitsOfFile } from './useBits';

const TITLES: Readonly<Record<BitsView['effect'], string>> = {
  footprint: 'Footprint of the latents of a block',
  edited: 'Decoded with edited latents',
  difference: 'Decoded with edited latents, less unedited',
};

interface EffectExportProps {
  readonly result: Result;
  readonly difference: Difference | undefined;
  /** The block whose footprint is shown. */
  readonly block: LatentPosition | undefined;
  readonly disabled: boolean;
}

/** The picture of what latents do, as it is shown. */
export function EffectExport({ result, difference, block, disabled }: EffectExportProps) {
  const store = useStudioStore();
  const { reconstruction } = result;
  const { effect, plane } = useStudio((state) => state.bitsView);
  const { edits, oneChannel, channel } = useBitsOfFile(reconstruction.id);
  const draw = () => {
    const state = store.getState();
    const shown = effect === 'edited' ? undefined : difference;
    const canvas = canvasOf(document, shown ? 'difference-canvas' : 'edited-canvas');
    const unit = unitOf(state, result);
    const band = shown && bandOf(reconstruction, shown);
    const parts = {
      title: band ? (plane === 'signed' ? `At ${band}` : 'Root mean square of all bands') : '',
      marks: block && blockFrame(block, BLOCK),
      scale: shown
        ? { table: tableOf(plane), ...endsOf(shown, plane, unit) }
        : bandScale(canvas, state, unit),
    };
    const colours = plane === 'signed' ? 'blue below zero, orange above' : 'viridis';
    const latents = oneChannel ? `channel ${channel}` : 'all channels';
    return drawMap(state, {
      title: TITLES[effect],
      cells: canvasCell(canvas, parts, reconstruction.info),
      texts: [
        block
          ? `Latents of block (${block.x}, ${block.y}), ${latents}.`
          : `Edits: ${edits.map(({ label }) => label).join('; ')}.`,
        shown ? `Difference in ${colours}.` : bandsText(state),
      ],
    });
  };
  return (
    <ExportMenu
      what="the effect"
      testId="export-effect"
      variant="quiet"
      disabled={disabled}
      choices={figureExports(`${resultBase(result)}_${effect}`, draw)}
    />
  );
}
