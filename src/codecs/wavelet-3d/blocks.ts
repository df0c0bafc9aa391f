import { HscError } from '../../core/errors';
import type { PlaneSize } from '../components/streams';

/** Where one spectral coefficient's plane of the transform lies in sub-bands, and these in blocks. */

/** Orientations of a sub-band by which axes are high-pass: 1 along rows, 2 along columns. */
const ORIENTATIONS = [1, 2, 3] as const;

/**
 * Quadtrees over the sub-bands of a plane under one root. A node is a coefficient (height 0) or a
 * block of up to 2 × 2 nodes below; each grid of nodes has a border of one node that is never used,
 * so that a node has neighbours at ±1 and ±`pitch` wherever it lies. Node 0 is of a border; the root is the last.
 */
export interface BlockTree {
  readonly nodes: number;
  readonly root: number;
  /** First of a node's children in `children`; the next node's is where they end. */
  readonly firstChild: Int32Array;
  readonly children: Int32Array;
  /** From a node to its neighbour below. */
  readonly pitch: Int32Array;
  /** The node of the same orientation, one level coarser, over the same place; 0 where there is none. */
  readonly parent: Int32Array;
  readonly height: Uint8Array;
  /** 0 for the low-pass sub-band, then three a level from the coarsest. */
  readonly subband: Uint8Array;
  /** Place of a coefficient in the plane of samples. */
  readonly sample: Int32Array;
  /** All coefficients' nodes. */
  readonly leaves: Int32Array;
}

interface Grid {
  readonly start: number;
  readonly width: number;
  readonly height: number;
}

interface Subband {
  readonly left: number;
  readonly top: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  readonly level: number;
  readonly orientation: number;
}

function subbandsOf(width: number, height: number, levels: number): Subband[] {
  const places = (length: number, first: number, stride: number) =>
    Math.max(0, Math.ceil((length - first) / stride));
  const at = (level: number, orientation: number): Subband => {
    const stride = 2 ** level;
    const left = orientation & 1 ? stride / 2 : 0;
    const top = orientation & 2 ? stride / 2 : 0;
    const size = { width: places(width, left, stride), height: places(height, top, stride) };
    return { left, top, stride, ...size, level, orientation };
  };
  const found = [at(levels, 0)];
  for (let level = levels; level > 0; level--) {
    for (const orientation of ORIENTATIONS) found.push(at(level, orientation));
  }
  return found;
}

/** Grids of a quadtree, from the coefficients to a single block. */
function gridsOf({ width, height }: Subband, from: number): Grid[] {
  const grids: Grid[] = [];
  let start = from;
  let [w, h] = [width, height];
  for (;;) {
    grids.push({ start, width: w, height: h });
    start += (w + 2) * (h + 2);
    if (w === 1 && h === 1) return grids;
    [w, h] = [(w + 1) >> 1, (h + 1) >> 1];
  }
}

const nodeOf = ({ start, width }: Grid, x: number, y: number) =>
  start + (y + 1) * (width + 2) + x + 1;

function* placesOf({ width, height }: Grid): Generator<readonly [x: number, y: number]> {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) yield [x, y];
}

interface Tree {
  /** 0 for the low-pass sub-band, then three a level from the coarsest. */
  readonly index: number;
  readonly subband: Subband;
  readonly grids: readonly Grid[];
}

/** Quadtrees of all sub-bands that are not empty, and how many nodes they take with their borders. */
function treesOf(width: number, height: number, levels: number) {
  const trees: Tree[] = [];
  let nodes = 0;
  for (const [index, subband] of subbandsOf(width, height, levels).entries()) {
    if (subband.width * subband.height === 0) continue;
    const grids = gridsOf(subband, nodes);
    const last = grids[grids.length - 1];
    nodes = last.start + (last.width + 2) * (last.height + 2);
    trees.push({ index, subband, grids });
  }
  return { trees, nodes };
}

/** Most nodes of all planes of an image: what memory holds. */
const MOST_NODES = 2 ** 27;

/** The blocks of `planes` planes of a size. Throws `limit` where they would not fit into memory. */
export function blockTree({ width, height }: PlaneSize, levels: number, planes: number): BlockTree {
  const { trees, nodes: root } = treesOf(width, height, levels);
  const nodes = root + 1;
  if (nodes * planes > MOST_NODES) {
    throw new HscError(
      'limit',
      'The image is too large for the 3-D wavelet in one piece: choose a smaller patch.',
    );
  }
  const tree = {
    pitch: new Int32Array(nodes),
    parent: new Int32Array(nodes),
    height: new Uint8Array(nodes),
    subband: new Uint8Array(nodes),
    sample: new Int32Array(nodes),
    leaves: new Int32Array(width * height),
  };
  let leaves = 0;
  for (const { index, subband, grids } of trees) {
    const { left, top, stride, orientation, level } = subband;
    const coarser = trees.find(
      (one) => one.subband.orientation === orientation && one.subband.level === level + 1,
    )?.grids;
    for (const [height, grid] of grids.entries()) {
      const above = coarser?.[Math.max(0, height - 1)];
      const shift = height === 0 ? 1 : 0;
      for (const [x, y] of placesOf(grid)) {
        const node = nodeOf(grid, x, y);
        tree.pitch[node] = grid.width + 2;
        tree.height[node] = height;
        tree.subband[node] = index;
        const [px, py] = [x >> shift, y >> shift];
        if (above && px < above.width && py < above.height) {
          tree.parent[node] = nodeOf(above, px, py);
        }
        if (height > 0) continue;
        tree.leaves[leaves++] = node;
        tree.sample[node] = (top + y * stride) * width + left + x * stride;
      }
    }
  }
  tree.height[root] = ROOT_HEIGHT;
  return { nodes, root, ...tree, ...childrenOf(trees, root) };
}

const ROOT_HEIGHT = 255;

/** Lists of children, those of a block in rows, those of the root from the coarsest sub-band. */
function childrenOf(trees: readonly Tree[], root: number) {
  const firstChild = new Int32Array(root + 2);
  for (const [block] of descents(trees, root)) firstChild[block + 1]++;
  for (let node = 0; node <= root; node++) firstChild[node + 1] += firstChild[node];
  const children = new Int32Array(firstChild[root + 1]);
  const next = firstChild.slice();
  for (const [block, node] of descents(trees, root)) children[next[block]++] = node;
  return { firstChild, children };
}

function* descents(
  trees: readonly Tree[],
  root: number,
): Generator<readonly [block: number, node: number]> {
  for (const { grids } of trees) {
    for (const [height, grid] of grids.entries()) {
      const blocks = grids[height + 1];
      for (const [x, y] of placesOf(grid)) {
        yield [blocks ? nodeOf(blocks, x >> 1, y >> 1) : root, nodeOf(grid, x, y)];
      }
    }
  }
}

/** A spectral coefficient among its like: places in the order of coding. */
export interface SpectralPlace {
  /** Its plane of the interleaved transform. */
  readonly plane: number;
  /** 0 for brightness, 1 for low-pass, then from the coarsest high-pass sub-band. */
  readonly subband: number;
  /** Neighbours in the sub-band, and the coefficient of the next coarser one; one past all where there is none. */
  readonly before: number;
  readonly after: number;
  readonly parent: number;
}

/** Brightness (plane `bands`) first, then low-pass, then the high-pass sub-bands from the coarsest. */
export function spectralOrder(bands: number, levels: number): SpectralPlace[] {
  const none = bands + 1;
  const found = [{ plane: bands, subband: 0, before: none, after: none, parent: none }];
  let coarser = { from: 0, count: 0 };
  for (let high = 0; high <= levels; high++) {
    const stride = 2 ** (high === 0 ? levels : levels - high + 1);
    const first = high === 0 ? 0 : stride / 2;
    const count = Math.max(0, Math.ceil((bands - first) / stride));
    const from = found.length;
    for (let i = 0; i < count; i++) {
      const at = high > 1 ? i >> 1 : i;
      found.push({
        plane: first + i * stride,
        subband: high + 1,
        before: i > 0 ? from + i - 1 : none,
        after: i + 1 < count ? from + i + 1 : none,
        parent: at < coarser.count ? coarser.from + at : none,
      });
    }
    coarser = { from, count };
  }
  return found;
}
