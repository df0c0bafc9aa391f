import * as tf from '@tensorflow/tfjs-core';
import type { GridSize } from '../core/entropy/hyperSynthesis';
import { HscError } from '../core/errors';
import { lap, lappingMatrix, unlap } from './lapping';
import { conv } from './layers';
import type { Network } from './network';
import { DOWNSAMPLING as BLOCK } from './spec';

const BLOCK_PIXELS = BLOCK * BLOCK;

/** How many latents a spectral component has; components that give none are left out. */
interface ComponentLatents {
  readonly component: number;
  readonly count: number;
}

function countsOf({ spec }: Network): readonly number[] {
  if (spec.bypass) return spec.bypass.counts;
  throw new HscError('bad-argument', 'The network has no linear bypass.');
}

function latentsByComponent(counts: readonly number[]): ComponentLatents[] {
  return counts.map((count, component) => ({ component, count })).filter(({ count }) => count > 0);
}

/** The columns of each component, of a matrix [n, latents]. */
function split(x: tf.Tensor2D, parts: readonly ComponentLatents[]): tf.Tensor2D[] {
  return tf.split<tf.Tensor2D>(
    x,
    parts.map(({ count }) => count),
    1,
  );
}

/** The kernels of `name`, one matrix [256, count] for each component that has latents. */
function matricesOf({ weights }: Network, name: string, parts: readonly ComponentLatents[]) {
  return weights.derived(`${name}.matrices`, () => {
    const kernel = weights.get<tf.Rank.R3>(`${name}.kernel`);
    return split(tf.reshape(kernel, [BLOCK_PIXELS, kernel.shape[2]]), parts);
  });
}

/** The transposes of {@link matricesOf}: products with a transposed matrix are slow on wasm. */
function transposedOf(net: Network, name: string, parts: readonly ComponentLatents[]) {
  return net.weights.derived(`${name}.transposed`, () =>
    matricesOf(net, name, parts).map((matrix) => tf.transpose(matrix)),
  );
}

function asMatrix(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, x.shape.slice(-2) as [number, number]);
}

function lappingOf({ weights }: Network): tf.Tensor2D {
  const [matrix] = weights.derived('bypass.lapping', () => [tf.tensor2d(lappingMatrix(BLOCK))]);
  return matrix;
}

/** Planes of components as rows of lapped blocks: [n, h, w, k] → [k, n · h/16 · w/16, 256]. */
export function lappedBlocks(
  net: Network,
  x: tf.Tensor4D,
  visible: GridSize = sizeOf(x),
): tf.Tensor3D {
  const [n, height, width, components] = x.shape;
  const [rows, columns] = [height / BLOCK, width / BLOCK];
  const apart = tf.transpose(tf.reshape(x, [n * height * width, components]));
  const single = tf.reshape<tf.Rank.R3>(apart, [components * n, height, width]);
  const planes = lap(single, lappingOf(net), visible);
  const split = tf.reshape(planes, [components * n * rows, BLOCK, columns, BLOCK]);
  const blocks = tf.transpose(split, [0, 2, 1, 3]);
  return tf.reshape(blocks, [components, n * rows * columns, BLOCK_PIXELS]);
}

/** What undoes {@link lappedBlocks}; `blocks` [k · n · rows · columns, 256]. */
function planesOf(
  net: Network,
  visible: GridSize,
  blocks: tf.Tensor2D,
  [n, rows, columns, components]: [number, number, number, number],
): tf.Tensor4D {
  const split = tf.reshape(blocks, [components * n * rows, columns, BLOCK, BLOCK]);
  const [height, width] = [rows * BLOCK, columns * BLOCK];
  const joined = tf.transpose(split, [0, 2, 1, 3]);
  const single = tf.reshape<tf.Rank.R3>(joined, [components * n, height, width]);
  const planes = unlap(single, lappingOf(net), visible);
  const pixels = tf.transpose(tf.reshape(planes, [components, n * height * width]));
  return tf.reshape(pixels, [n, height, width, components]);
}

function sizeOf({ shape: [, height, width] }: tf.Tensor4D): GridSize {
  return { height, width };
}

/** Spectral components of a standardised image [n, h, w, bands] (1×1): [n, h, w, components]. */
export function bypassComponents(net: Network, image: tf.Tensor4D): tf.Tensor4D {
  return conv(net.weights, 'bypass.analysis.klt', image);
}

/**
 * Inner products of lapped blocks [k, n · h/16 · w/16, 256] with the kernels of `name`: [n · h/16 ·
 * w/16, bypass latents]. One matrix product a component: as fast as one large product with mostly
 * zeros, without its 8 MB.
 */
function products(net: Network, name: string, blocks: tf.Tensor3D): tf.Tensor2D {
  const parts = latentsByComponent(countsOf(net));
  const matrices = matricesOf(net, name, parts);
  const own = tf.split(blocks, blocks.shape[0], 0);
  const latents = parts.map(({ component }, i) =>
    tf.matMul<tf.Tensor2D>(asMatrix(own[component]), matrices[i]),
  );
  return tf.concat(latents, 1);
}

function latentsOf(
  net: Network,
  name: string,
  components: tf.Tensor4D,
  visible: GridSize,
): tf.Tensor4D {
  const [n, height, width] = components.shape;
  const latents = products(net, name, lappedBlocks(net, components, visible));
  return tf.reshape(latents, [n, height / BLOCK, width / BLOCK, -1]);
}

/** The linear analysis but for its first steps: lapped blocks [k, n · rows · columns, 256] → latents. */
export function latentsOfBlocks(
  net: Network,
  blocks: tf.Tensor3D,
  [n, rows, columns]: readonly [number, number, number],
): tf.Tensor4D {
  return tf.reshape(products(net, 'bypass.analysis', blocks), [n, rows, columns, -1]);
}

/**
 * Linear analysis beside E: standardised image [n, h, w, bands] → [n, h/16, w/16, bypass latents].
 * A spectral KLT (1×1), then for each component its own 16×16 kernels with stride 16, between which
 * lie lapped borders. `visible`: size of the part of the image that is not padding.
 */
export function bypassAnalysis(
  net: Network,
  image: tf.Tensor4D,
  visible: GridSize = sizeOf(image),
): tf.Tensor4D {
  return latentsOf(net, 'bypass.analysis', bypassComponents(net, image), visible);
}

/**
 * Inner products of an image's components with the synthesis kernels, over its `visible` first rows
 * and columns: what a fit of the latents by least squares starts from.
 */
export function bypassTargets(net: Network, image: tf.Tensor4D, visible: GridSize): tf.Tensor4D {
  const components = bypassComponents(net, image);
  const seen = tf.mul<tf.Tensor4D>(components, visibleMask(sizeOf(image), visible));
  return latentsOf(net, 'bypass.synthesis', seen, visible);
}

/** [1, h, w, 1]: 1 where visible, 0 elsewhere. */
function visibleMask({ width, height }: GridSize, visible: GridSize): tf.Tensor4D {
  const seen = tf.ones<tf.Rank.R4>([1, visible.height, visible.width, 1]);
  return tf.pad(seen, [
    [0, 0],
    [0, height - visible.height],
    [0, width - visible.width],
    [0, 0],
  ]);
}

/** Last step of the linear synthesis (1×1): components [n, h, w, k] → [n, h, w, bands]. */
export function bypassBands(net: Network, planes: tf.Tensor4D): tf.Tensor4D {
  return conv(net.weights, 'bypass.synthesis.klt', planes);
}

/** The linear synthesis but for its last steps: latents → lapped blocks [k · n · rows · columns, 256]. */
export function blocksOfLatents(net: Network, latents: tf.Tensor4D): tf.Tensor2D {
  const counts = countsOf(net);
  const parts = latentsByComponent(counts);
  const matrices = transposedOf(net, 'bypass.synthesis', parts);
  const [n, rows, columns, channels] = latents.shape;
  const flat = tf.reshape<tf.Rank.R2>(latents, [n * rows * columns, channels]);
  const silent = tf.zeros<tf.Rank.R2>([flat.shape[0], BLOCK_PIXELS]);
  const blocks = counts.map(() => silent);
  for (const [i, own] of split(flat, parts).entries()) {
    blocks[parts[i].component] = tf.matMul(own, matrices[i]);
  }
  return tf.concat(blocks, 0);
}

/**
 * Linear synthesis beside G but for its last step: [n, h/16, w/16, bypass latents] → spectral
 * components [n, h, w, k]. The transpose of the analysis' structure with kernels of its own.
 */
export function bypassPlanes(
  net: Network,
  latents: tf.Tensor4D,
  visible: GridSize = { height: latents.shape[1] * BLOCK, width: latents.shape[2] * BLOCK },
): tf.Tensor4D {
  const [n, rows, columns] = latents.shape;
  const size: [number, number, number, number] = [n, rows, columns, countsOf(net).length];
  return planesOf(net, visible, blocksOfLatents(net, latents), size);
}
