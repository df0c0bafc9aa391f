import type { BlockTree, SpectralPlace } from './blocks';
import { MOST_BIAS, stepOf, type WaveletPayload } from './payload';
import type { Known, Source } from './planeCoder';

/** A transform's blocks and spectral places, the same at both ends. */
export interface Layout {
  readonly tree: BlockTree;
  readonly order: readonly SpectralPlace[];
  readonly pixels: number;
}

/** Calls with each coefficient's index among the nodes of all places, and in the planes. */
function eachCoefficient(
  { tree, order, pixels }: Layout,
  visit: (node: number, coefficient: number) => void,
): void {
  for (const [place, { plane }] of order.entries()) {
    const base = place * tree.nodes;
    for (const leaf of tree.leaves) visit(base + leaf, plane * pixels + tree.sample[leaf]);
  }
}

/** Coefficients in whole steps, and of blocks the largest. */
export function quantise(planes: Float32Array, layout: Layout, step: number): Source {
  const { tree, order } = layout;
  const magnitudes = new Int32Array(order.length * tree.nodes);
  const signs = new Int8Array(order.length * tree.nodes);
  eachCoefficient(layout, (node, coefficient) => {
    const value = planes[coefficient];
    magnitudes[node] = Math.floor(Math.abs(value) / step);
    signs[node] = value < 0 ? -1 : 1;
  });
  // Blocks follow what they hold, and the root is the last.
  for (const place of order.keys()) {
    const base = place * tree.nodes;
    for (let node = 0; node < tree.nodes; node++) {
      const end = tree.firstChild[node + 1];
      let most = magnitudes[base + node];
      for (let i = tree.firstChild[node]; i < end; i++) {
        most = Math.max(most, magnitudes[base + tree.children[i]]);
      }
      magnitudes[base + node] = most;
    }
  }
  return { magnitudes, signs };
}

/** The most significant bit plane that is not empty, 0 where all are. */
export function topPlane({ magnitudes }: Source, { tree, order }: Layout): number {
  let all = 0;
  for (const place of order.keys()) all |= magnitudes[place * tree.nodes + tree.root];
  return all > 0 ? 31 - Math.clz32(all) : 0;
}

/** 0 where a magnitude has just become significant, 1 where it was refined. */
const stage = (magnitude: number, interval: number) => (magnitude === 3 * interval ? 0 : 1);

/** The biases of least squared error. */
export function bestBiases(
  { magnitudes }: Known,
  planes: Float32Array,
  layout: Layout,
  stepCode: number,
): WaveletPayload['biases'] {
  const step = stepOf(stepCode);
  const excess = [0, 0];
  const squares = [0, 0];
  eachCoefficient(layout, (node, coefficient) => {
    const magnitude = magnitudes[node];
    if (magnitude === 0) return;
    const interval = magnitude & -magnitude;
    const own = stage(magnitude, interval);
    excess[own] += (magnitude / 2 - Math.abs(planes[coefficient]) / step) * interval;
    squares[own] += interval ** 2;
  });
  const best = (own: number) =>
    Math.max(0, Math.min(MOST_BIAS, Math.round((32 * excess[own]) / Math.max(1, squares[own]))));
  return [best(0), best(1)];
}

/** Planes of coefficients, [bands + 1, pixels], from what is known. */
export function dequantise(
  { magnitudes, signs }: Known,
  layout: Layout,
  { stepCode, biases }: Pick<WaveletPayload, 'stepCode' | 'biases'>,
): Float32Array {
  const step = stepOf(stepCode);
  const planes = new Float32Array(layout.order.length * layout.pixels);
  eachCoefficient(layout, (node, coefficient) => {
    const magnitude = magnitudes[node];
    if (magnitude === 0) return;
    const interval = magnitude & -magnitude;
    const bias = (biases[stage(magnitude, interval)] / 32) * interval;
    planes[coefficient] = signs[node] * (magnitude / 2 - bias) * step;
  });
  return planes;
}

/** What is known of the coefficients with their signs, in the order of coding. */
export function symbolsOf({ magnitudes, signs }: Known, layout: Layout): Int32Array<ArrayBuffer> {
  const symbols = new Int32Array(layout.order.length * layout.pixels);
  let at = 0;
  eachCoefficient(layout, (node) => {
    symbols[at++] = signs[node] * magnitudes[node];
  });
  return symbols;
}
