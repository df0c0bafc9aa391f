import { HscError } from '../../core/errors';
import type { LatentImage } from './latents';

/** A place among the latents: column and row. */
export interface LatentPosition {
  readonly x: number;
  readonly y: number;
}

/** Scales latents ŷ after decoding; the file stays what it is. Several edits multiply. */
export interface LatentEdit {
  /** 0 takes the latents away, 1 leaves them. */
  readonly factor: number;
  /** All where left out. */
  readonly channels?: readonly number[];
  /** All where left out. */
  readonly position?: LatentPosition;
}

/** A copy of the latents with edits; they are left as they are. Throws `bad-argument`. */
export function editLatents(latents: LatentImage, edits: readonly LatentEdit[]): LatentImage {
  for (const edit of edits) checkEdit(latents, edit);
  const data = latents.data.slice();
  for (const edit of edits) scale(data, latents, edit);
  return { ...latents, data };
}

function scale(
  data: Float32Array,
  { width, height, channels }: LatentImage,
  { factor, channels: chosen, position }: LatentEdit,
): void {
  const of = chosen ?? Array.from({ length: channels }, (_, c) => c);
  const from = position ? position.y * width + position.x : 0;
  const to = position ? from + 1 : width * height;
  for (let at = from; at < to; at++) {
    for (const c of of) data[at * channels + c] *= factor;
  }
}

function checkEdit({ width, height, channels }: LatentImage, edit: LatentEdit): void {
  const { factor, position, channels: chosen = [] } = edit;
  const within = (value: number, end: number) =>
    Number.isInteger(value) && value >= 0 && value < end;
  if (!Number.isFinite(factor)) {
    throw new HscError('bad-argument', 'Latents are scaled by a number.');
  }
  if (position && !(within(position.x, width) && within(position.y, height))) {
    throw new HscError(
      'bad-argument',
      `The image has ${width} × ${height} latents, none at (${position.x}, ${position.y}).`,
    );
  }
  const wrong = chosen.find((c) => !within(c, channels));
  if (wrong === undefined) return;
  throw new HscError('bad-argument', `The file has ${channels} channels, none numbered ${wrong}.`);
}
