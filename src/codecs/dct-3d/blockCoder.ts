import type { BitPort } from '../../core/entropy/bitPort';
import { SIDE } from '../cosine/blocks';
import { CoefficientCoder } from '../cosine/coefficientCoder';
import { LevelPredictor } from '../cosine/levelPredictor';
import type { Turns } from '../turn';
import { BLOCK, type BlockGrid } from './blockGrid';

const NONE = new Int32Array(0);
/** Of the levels left, above, before, and where two of these meet. */
const FIRST_WEIGHTS = [0.4, 0.4, 0.7, 0, -0.3, -0.3];

/**
 * Codes the blocks' coefficients, [blocks, {@link BLOCK}], or where none are given reads them; the level of
 * each as its difference from what its neighbours' predict. Stops where `done`. Throws
 * `aborted`, and reading, `bitstream` or `truncated`.
 */
export async function codeBlocks(
  port: BitPort,
  grid: BlockGrid,
  given: Int32Array<ArrayBuffer> | undefined,
  done: () => boolean,
  turns: Turns,
): Promise<Int32Array<ArrayBuffer>> {
  const values = given?.slice() ?? new Int32Array(grid.count * BLOCK);
  const coder = new CoefficientCoder(port, SIDE);
  const predictor = new LevelPredictor(FIRST_WEIGHTS);
  const levels = new Int32Array(grid.count);
  const block = (index: number) =>
    index < 0 ? NONE : values.subarray(index * BLOCK, (index + 1) * BLOCK);
  for (let index = 0; index < grid.count && !done(); index++) {
    if (turns.due()) await turns.take(index / grid.count);
    const [column, row, layer] = grid.place(index);
    const left = column > 0 ? index - 1 : -1;
    const above = row > 0 ? index - grid.columns : -1;
    const step = grid.columns * grid.rows;
    const before = layer > 0 ? index - step : -1;
    const level = (at: number) => (at < 0 ? 0 : levels[at]);
    const predicted = predictor.predict([
      level(left),
      level(above),
      level(before),
      level(left < 0 || above < 0 ? -1 : above - 1),
      level(left < 0 ? -1 : before - 1),
      level(above < 0 ? -1 : before - grid.columns),
    ]);
    const own = block(index);
    own[0] = given ? own[0] - predicted : 0;
    coder.code(own, grid.shape(index), {
      left: block(left),
      above: block(above),
      before: block(before),
    });
    levels[index] = own[0] + predicted;
    predictor.learn(levels[index]);
  }
  for (let index = 0; index < grid.count; index++) values[index * BLOCK] = levels[index];
  return values;
}
