import type { BitPort } from '../../core/entropy/bitPort';
import { MixedBits } from '../../core/entropy/mixedBits';
import type { BlockTree, SpectralPlace } from './blocks';

/** Sums of neighbours in classes: 0, 1, 2, 3, 4, 5–6, 7–8, 9–12, … */
function makeClasses(): Uint8Array {
  const table = new Uint8Array(256);
  for (let value = 1; value < table.length; value++) {
    const octave = 31 - Math.clz32(value);
    table[value] = value < 4 ? value : 2 * octave + ((value >> (octave - 1)) & 1);
  }
  return table;
}

const CLASS_OF = makeClasses();
const CLASSES = 16;
const classOf = (sum: number) => CLASS_OF[sum > 255 ? 255 : sum];

const SMALL_CLASSES = 6;
const smallClass = (sum: number) => Math.min(SMALL_CLASSES - 1, classOf(sum));

const HEIGHTS = 4;
const SIBLINGS = 3;
const MOST_SUBBANDS = 40;
const MOST_SPECTRAL = 16;

/** What is known of all coefficients, and their true values where they are to be written. */
export interface Coefficients {
  /**
   * Magnitudes by plane and node: 0 as long as they are insignificant, then twice the middle of the interval
   * in which they lie. The lowest set bit is that interval's width.
   */
  readonly known: Int32Array;
  /** −1, 0, 1. */
  readonly signs: Int8Array;
}

export interface Source {
  /** Magnitudes in whole steps, of blocks the largest within. */
  readonly magnitudes: Int32Array;
  readonly signs: Int8Array;
}

/** Says how long to go on. */
export interface Limit {
  reached(visits: number): boolean;
}

/** Embedded coder of bit planes: blocks, signs and refinements in the context of neighbours. */
export class PlaneCoder {
  readonly coefficients: Coefficients;
  /** Coefficients and blocks coded so far. */
  visits = 0;

  private readonly significance: MixedBits;
  private readonly sign: MixedBits;
  private readonly refinement: MixedBits;
  private readonly contexts = new Int32Array(6);
  private readonly significant: number[] = [];
  private readonly places: number[] = [];
  private plane = 0;

  constructor(
    private readonly tree: BlockTree,
    private readonly order: readonly SpectralPlace[],
    private readonly port: BitPort,
    private readonly limit: Limit,
    private readonly source?: Source,
  ) {
    // The plane after the last stays empty: it stands in for neighbours that are not there.
    const size = (order.length + 1) * tree.nodes + 1;
    this.coefficients = { known: new Int32Array(size), signs: new Int8Array(size) };
    const kind = HEIGHTS * SIBLINGS;
    this.significance = new MixedBits(
      [
        kind * CLASSES,
        kind * CLASSES * SMALL_CLASSES,
        kind * SMALL_CLASSES ** 2,
        kind * 3 * CLASSES,
        kind * MOST_SUBBANDS * MOST_SPECTRAL,
        HEIGHTS * (order.length + 1),
      ],
      kind,
    );
    this.sign = new MixedBits([9 * 3, 9, 9 * 9, 3 * MOST_SUBBANDS], 1);
    this.refinement = new MixedBits([2 * CLASSES, 2 * SMALL_CLASSES ** 2, 8], 2);
  }

  /** Codes planes from `top` down to `last`; false where the limit ended it before. */
  run(top: number, last: number): boolean {
    const { order, tree } = this;
    for (this.plane = top; this.plane >= last; this.plane--) {
      const refined = this.significant.length;
      for (let k = 0; k < order.length; k++) {
        if (!this.sort(k, tree.root, 0)) return false;
      }
      for (let i = 0; i < refined; i++) {
        if (this.limit.reached(this.visits)) return false;
        this.refine(this.places[i], this.significant[i]);
      }
    }
    return true;
  }

  /** `siblings`: 0 as a rule; in a block that has just become significant, 1 before its first significant child, 2 after. */
  private sort(k: number, node: number, siblings: number, implied = false): boolean {
    const { tree, plane } = this;
    const { known } = this.coefficients;
    const at = k * tree.nodes + node;
    let fresh = false;
    if (known[at] === 0) {
      if (this.limit.reached(this.visits)) return false;
      this.visits++;
      if (!implied && this.codeSignificance(k, node, siblings) === 0) return true;
      known[at] = 3 << plane;
      fresh = true;
      if (tree.height[node] === 0) {
        this.codeSign(k, node);
        this.significant.push(node);
        this.places.push(k);
        return true;
      }
    }
    const first = tree.firstChild[node];
    const end = tree.firstChild[node + 1];
    let state = fresh ? 1 : 0;
    for (let i = first; i < end; i++) {
      const child = tree.children[i];
      const last = state === 1 && i + 1 === end;
      if (!this.sort(k, child, state, last)) return false;
      if (state === 1 && known[k * tree.nodes + child] > 0) state = 2;
    }
    return true;
  }

  private codeSignificance(k: number, node: number, siblings: number): number {
    const { tree, plane, contexts, order } = this;
    const { known } = this.coefficients;
    const { before, after, parent, subband } = order[k];
    const at = k * tree.nodes + node;
    const down = tree.pitch[node];
    const height = Math.min(tree.height[node], HEIGHTS - 1);
    const kind = height * SIBLINGS + siblings;
    const shift = plane;

    const near = known[at - 1] + known[at + 1] + known[at - down] + known[at + down];
    const far =
      known[at - down - 1] + known[at - down + 1] + known[at + down - 1] + known[at + down + 1];
    const a = before * tree.nodes + node;
    const b = after * tree.nodes + node;
    const beside = known[a] + known[b];
    const around =
      known[a - 1] +
      known[a + 1] +
      known[a - down] +
      known[a + down] +
      known[b - 1] +
      known[b + 1] +
      known[b - down] +
      known[b + down];
    const coarser = known[k * tree.nodes + tree.parent[node]];
    const above = known[parent * tree.nodes + node];

    const spatial = classOf((2 * near + far) >> (shift + 1));
    const spectral = (2 * beside + around) >> (shift + 1);
    const total =
      (4 * near + 2 * far + 4 * beside + around + 3 * coarser + 2 * above) >> (shift + 2);
    const source = this.source ? (this.source.magnitudes[at] >> plane > 0 ? 1 : 0) : 0;
    contexts[0] = kind * CLASSES + spatial;
    contexts[1] = (kind * CLASSES + classOf(spectral)) * SMALL_CLASSES + smallClass(near >> shift);
    contexts[2] =
      (kind * SMALL_CLASSES + smallClass(coarser >> shift)) * SMALL_CLASSES +
      smallClass(above >> shift);
    contexts[3] = kind * 3 * CLASSES + classOf(total);
    contexts[4] = (kind * MOST_SUBBANDS + tree.subband[node]) * MOST_SPECTRAL + subband;
    contexts[5] = height * (order.length + 1) + k;
    return this.significance.code(this.port, contexts, kind, source);
  }

  private codeSign(k: number, node: number): void {
    const { tree, contexts, order } = this;
    const { signs } = this.coefficients;
    const { before, after, parent, subband } = order[k];
    const at = k * tree.nodes + node;
    const down = tree.pitch[node];
    const across = Math.sign(signs[at - 1] + signs[at + 1]) + 1;
    const along = Math.sign(signs[at - down] + signs[at + down]) + 1;
    const s0 = signs[before * tree.nodes + node] + 1;
    const s1 = signs[after * tree.nodes + node] + 1;
    const coarser = signs[k * tree.nodes + tree.parent[node]] + 1;
    const above = signs[parent * tree.nodes + node] + 1;
    const orientation = tree.subband[node] === 0 ? 0 : 1 + ((tree.subband[node] - 1) % 3);
    contexts[0] = (across * 3 + along) * 3 + (orientation % 3);
    contexts[1] = s0 * 3 + s1;
    contexts[2] = (coarser * 3 + above) * 9 + s0 * 3 + s1;
    contexts[3] = above * MOST_SUBBANDS + subband;
    const negative = this.source && this.source.signs[at] < 0 ? 1 : 0;
    signs[at] = this.sign.code(this.port, contexts, 0, negative) === 1 ? -1 : 1;
  }

  private refine(k: number, node: number): void {
    const { tree, plane, contexts } = this;
    const { known } = this.coefficients;
    const at = k * tree.nodes + node;
    const down = tree.pitch[node];
    const first = known[at] === 3 << (plane + 1) ? 0 : 1;
    const near = known[at - 1] + known[at + 1] + known[at - down] + known[at + down];
    const { before, after } = this.order[k];
    const beside = known[before * tree.nodes + node] + known[after * tree.nodes + node];
    contexts[0] = first * CLASSES + classOf((near + beside) >> (plane + 1));
    contexts[1] =
      (first * SMALL_CLASSES + smallClass(near >> (plane + 2))) * SMALL_CLASSES +
      smallClass(beside >> (plane + 2));
    contexts[2] = Math.min(3, plane) * 2 + first;
    const bit = this.source ? (this.source.magnitudes[at] >> plane) & 1 : 0;
    this.visits++;
    const upper = this.refinement.code(this.port, contexts, first, bit) === 1;
    known[at] += upper ? 1 << plane : -(1 << plane);
  }
}
