import { useEffect, useMemo, useState } from 'react';
import type { Picture, Reconstruction } from '../../engine/api';
import type { Difference, EditedImage, FileBits } from '../../engine/bits';
import { bandAxis, positionOf } from '../../state/bands';
import { type BitsOfFile, type NamedEdit, noBitsChosen } from '../../state/bits';
import { currentResult } from '../../state/panes';
import { useEngine, useStudio, useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import { usePicture } from '../stage/usePicture';
import { type Job, useJob } from './useJob';

/** The decoded file that the room is about. */
export function useBitsResult(): Result | undefined {
  return useStudio(currentResult);
}

/** What is chosen and changed of the shown file. */
export function useBitsOfFile(id: string): BitsOfFile {
  const kept = useStudio((state) => state.bitsOfFile);
  return useMemo(() => (kept?.of === id ? kept : noBitsChosen(id)), [kept, id]);
}

/** Puts an edit and shows what becomes of the image, or takes one back. */
export function usePutEdit(id: string) {
  const { putBitsEdit, removeBitsEdit, setBitsView } = useStudioStore().getState();
  const effect = useStudio((state) => state.bitsView.effect);
  return {
    put: (edit: NamedEdit) => {
      putBitsEdit(id, edit);
      if (effect === 'footprint') setBitsView({ effect: 'edited' });
    },
    remove: (key: string) => removeBitsEdit(id, key),
  };
}

/** Where the bits of a file go. */
export function useFileBits(id: string) {
  const engine = useEngine();
  const job = useMemo<Job<FileBits>>(() => (options) => engine.fileBits(id, options), [engine, id]);
  return useJob(job);
}

/** A slider that moves asks for its last place only. */
const SETTLE_MS = 120;
let serial = 0;

/** The image with the edits of the room, decoded again whenever they change. */
export function useEdited(result: Result) {
  const engine = useEngine();
  const { id } = result.reconstruction;
  const { original } = result;
  const { edits } = useBitsOfFile(id);
  const job = useMemo<Job<EditedImage> | undefined>(() => {
    if (edits.length === 0) return undefined;
    return async (options) => {
      const edited = await engine.editLatents(
        {
          reconstruction: id,
          edits: edits.map(({ edit }) => edit),
          edited: `edited ${++serial}`,
          original,
        },
        options,
      );
      if (options.signal.aborted) await engine.close(edited.id);
      return edited;
    };
  }, [engine, id, original, edits]);
  const state = useJob(job, SETTLE_MS);
  const held = state.value?.id;
  useEffect(() => {
    if (!held) return;
    return () => {
      engine.close(held).catch(() => {});
    };
  }, [engine, held]);
  return state;
}

const MAX_SIDE = 2048;

/** The picture of an image with the bands of a file, in the colours of the view. */
export function useDecodedPicture(
  { info, codedBands }: Reconstruction,
  id: string | undefined,
  stretch: Picture['stretch'] | undefined,
) {
  const mode = useStudio((state) => state.colourMode);
  const rgb = useStudio((state) => state.rgbBands);
  const grey = useStudio((state) => state.greyBand);
  const colourMap = useStudio((state) => state.colourMap);
  const percentiles = useStudio((state) => state.percentiles);
  const axis = bandAxis(info, codedBands);
  const shown = usePicture(
    id === undefined
      ? undefined
      : {
          cube: id,
          window: { x: 0, y: 0, width: info.width, height: info.height },
          bands: (mode === 'grey' ? [grey] : rgb).map((band) => positionOf(axis, band)),
          stretch: stretch ?? percentiles,
          colourMap,
          maxSide: MAX_SIDE,
        },
  );
  return { ...shown, picture: useLast(shown.picture, id !== undefined) };
}

/** The last picture while the next is made: no flicker between edits. */
function useLast(picture: Picture | undefined, keep: boolean): Picture | undefined {
  const [last, setLast] = useState(picture);
  useEffect(() => {
    if (picture || !keep) setLast(picture);
  }, [picture, keep]);
  return picture ?? (keep ? last : undefined);
}

/** What the latents of the chosen block, or one channel of them, add to the image. */
export function useFootprint(id: string) {
  const engine = useEngine();
  const { block, channel, oneChannel } = useBitsOfFile(id);
  const only = oneChannel ? channel : undefined;
  const job = useMemo<Job<Difference> | undefined>(() => {
    if (!block) return undefined;
    const channels = only === undefined ? undefined : [only];
    return (options) =>
      engine.footprint({ reconstruction: id, position: block, channels }, options);
  }, [engine, id, block, only]);
  return useJob(job, SETTLE_MS);
}
