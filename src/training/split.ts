import type { PixelWindow } from '../core/cube/types';
import type { GridSize } from '../core/entropy/hyperSynthesis';
import { HscError } from '../core/errors';
import { DOWNSAMPLING } from '../nn/spec';

/** Sides of training crops in pixels, the best first: the networks see 16 × 16 blocks. */
const CROP_SIDES = [96, 80, 64, 48, 32] as const;
/** Share of a scene that is held back unless the user says otherwise. */
const HELD_BACK = 0.25;

/**
 * A part of a scene to hold back for validation: whole blocks across the shorter side, at the end
 * of the longer one. Throws `bad-argument` where the scene is too small to be split.
 */
export function suggestedValidation({ width, height }: GridSize): PixelWindow {
  const [short, long] = width < height ? [width, height] : [height, width];
  const least = CROP_SIDES[CROP_SIDES.length - 1];
  if (short < least || long < 2 * least) {
    throw new HscError(
      'bad-argument',
      `A scene of ${width}×${height} pixels is too small to train on one part and validate on ` +
        `another: ${least}×${2 * least} is the least.`,
    );
  }
  const blocks = Math.max(2, Math.round((HELD_BACK * long) / DOWNSAMPLING));
  const part = Math.min(blocks * DOWNSAMPLING, long - least);
  return width < height
    ? { x: 0, y: height - part, width, height: part }
    : { x: width - part, y: 0, width: part, height };
}

/** Where crops of one size lie in a scene without touching the part that is held back. */
export class CropPlaces {
  /** Places in all rows up to and including each. */
  private readonly upTo: number[] = [];

  constructor(
    private readonly scene: GridSize,
    private readonly heldBack: PixelWindow,
    readonly side: number,
  ) {
    let count = 0;
    for (let y = 0; y + side <= scene.height; y++) {
      const { before, after } = this.row(y);
      count += before + after;
      this.upTo.push(count);
    }
  }

  get count(): number {
    return this.upTo.at(-1) ?? 0;
  }

  /** Place `index` of `count`, in raster order. */
  at(index: number): PixelWindow {
    let [low, high] = [0, this.upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.upTo[middle] > index) high = middle;
      else low = middle + 1;
    }
    const { before, first } = this.row(low);
    const inRow = index - (low > 0 ? this.upTo[low - 1] : 0);
    const x = inRow < before ? inRow : first + inRow - before;
    return { x, y: low, width: this.side, height: this.side };
  }

  /** Places in a row before the held-back part, and from column `first` on behind it. */
  private row(y: number): { before: number; after: number; first: number } {
    const { scene, heldBack, side } = this;
    const all = Math.max(0, scene.width - side + 1);
    if (y + side <= heldBack.y || y >= heldBack.y + heldBack.height) {
      return { before: all, after: 0, first: all };
    }
    const first = heldBack.x + heldBack.width;
    const before = Math.min(all, Math.max(0, heldBack.x - side + 1));
    return { before, after: Math.max(0, all - first), first };
  }
}

/**
 * Side of the largest crops that fit beside every scene's held-back part, and how many there are in all.
 * `side`: of the crops, where it is settled. Throws `bad-argument` where none fit.
 */
export function cropsOf(
  scenes: readonly { readonly scene: GridSize; readonly heldBack: PixelWindow }[],
  side?: number,
): { readonly side: number; readonly places: number } {
  for (const own of side === undefined ? CROP_SIDES : [side]) {
    const counts = scenes.map(({ scene, heldBack }) => new CropPlaces(scene, heldBack, own).count);
    if (!counts.includes(0)) return { side: own, places: counts.reduce((a, b) => a + b, 0) };
  }
  throw new HscError(
    'bad-argument',
    'The part held back for validation leaves no room to train on: make it smaller' +
      (side === undefined ? '.' : ', or the crops.'),
  );
}
