import type { BitPort } from '../../core/entropy/bitPort';
import { CLASSES, classOf, SMALL_CLASSES, smallClassOf } from '../../core/entropy/magnitudeClasses';
import { MixedBits } from '../../core/entropy/mixedBits';
import type { Turns } from '../turn';
import type { BlockTree, SpectralPlace } from './blocks';

/** Of a block's height what a context tells apart, and of its siblings in one that is newly significant. */
const HEIGHTS = 4;
const SIBLINGS = 3;
const KINDS = HEIGHTS * SIBLINGS;

const MOST_SUBBANDS = 20;
const MOST_SPECTRAL = 20;
const SIGNS = 3;

/** Of all coefficients and blocks, [places, nodes]. */
export interface Source {
  /** Magnitudes in whole steps; of blocks the largest within. */
  readonly magnitudes: Int32Array;
  /** −1 or 1. */
  readonly signs: Int8Array;
}

/** What is known of them, [places, nodes]. */
export interface Known {
  /**
   * 0 as long as a node is insignificant, then twice the middle of the interval in which its
   * magnitude lies, in steps; the lowest bit that is set is that interval's width.
   */
  readonly magnitudes: Int32Array;
  readonly signs: Int8Array;
}

/** Planes are at most these many, so that sums of neighbours are 32-bit integers. */
export const MOST_PLANES = 24;

/**
 * Embedded coder of bit planes, the most significant first: of each plane the blocks and coefficients that
 * become significant (by splitting zero blocks, as 3D-SPECK does), with signs, then a further bit of
 * those that were. Both ends walk alike; without a source, bits come out of the port.
 */
export class PlaneCoder {
  readonly known: Known;
  /** Blocks and coefficients coded so far. */
  visits = 0;

  private readonly significance = new MixedBits(
    [
      KINDS * CLASSES,
      KINDS * CLASSES * SMALL_CLASSES,
      KINDS * SMALL_CLASSES ** 2,
      KINDS * CLASSES,
      KINDS * MOST_SUBBANDS * MOST_SPECTRAL,
    ],
    KINDS,
  );
  private readonly sign = new MixedBits([27, 81, SIGNS * MOST_SPECTRAL], 1);
  private readonly refinement = new MixedBits([2 * CLASSES, 2 * SMALL_CLASSES ** 2, 8], 2);
  private readonly contexts = new Int32Array(5);
  /** Significant coefficients in the order in which they were found: `place · nodes + node` and place. */
  private readonly found: number[] = [];
  private readonly foundPlaces: number[] = [];
  private plane = 0;

  /** `done` says of so many visits, when they have been made, whether to stop. */
  constructor(
    private readonly tree: BlockTree,
    private readonly order: readonly SpectralPlace[],
    private readonly port: BitPort,
    private readonly done: (visits: number) => boolean,
    private readonly source?: Source,
  ) {
    // One place more than there are stays empty: it stands in for neighbours that are not there.
    const size = (order.length + 1) * tree.nodes + 1;
    this.known = { magnitudes: new Int32Array(size), signs: new Int8Array(size) };
  }

  /** Codes planes from `top` down to `last`; false where it was stopped before. Throws `aborted`. */
  async run(top: number, last: number, turns: Turns): Promise<boolean> {
    const { order, tree, found } = this;
    for (this.plane = top; this.plane >= last; this.plane--) {
      const before = found.length;
      for (let place = 0; place < order.length; place++) {
        if (turns.due()) await turns.take((top - this.plane) / (top + 1));
        if (!this.sort(place, tree.root, 0, false)) return false;
      }
      for (let i = 0; i < before; i++) {
        if (this.done(this.visits)) return false;
        this.refine(this.foundPlaces[i], found[i]);
      }
    }
    return true;
  }

  /**
   * Codes what becomes significant in a block. `siblings`: 0 as a rule; in a block that has just become
   * significant, 1 before its first significant child and 2 after; `implied` for a last child of which
   * the others are insignificant. False where coding was stopped.
   */
  private sort(place: number, node: number, siblings: number, implied: boolean): boolean {
    const { tree, known } = this;
    const at = place * tree.nodes + node;
    let state = 0;
    if (known.magnitudes[at] === 0) {
      if (this.done(this.visits)) return false;
      this.visits++;
      if (!implied && this.codeSignificance(place, node, siblings) === 0) return true;
      known.magnitudes[at] = 3 << this.plane;
      if (tree.height[node] === 0) this.start(place, node);
      state = 1;
    }
    const end = tree.firstChild[node + 1];
    for (let i = tree.firstChild[node]; i < end; i++) {
      const child = tree.children[i];
      if (!this.sort(place, child, state, state === 1 && i + 1 === end)) return false;
      if (state === 1 && known.magnitudes[at - node + child] > 0) state = 2;
    }
    return true;
  }

  private start(place: number, node: number): void {
    this.codeSign(place, node);
    this.found.push(node);
    this.foundPlaces.push(place);
  }

  private codeSignificance(place: number, node: number, siblings: number): number {
    const { tree, plane, contexts, source } = this;
    const { nodes } = tree;
    const known = this.known.magnitudes;
    const { before, after, parent, subband } = this.order[place];
    const at = place * nodes + node;
    const down = tree.pitch[node];
    const near = cross(known, at, down);
    const far =
      known[at - down - 1] + known[at - down + 1] + known[at + down - 1] + known[at + down + 1];
    const a = before * nodes + node;
    const b = after * nodes + node;
    const beside = known[a] + known[b];
    const around = cross(known, a, down) + cross(known, b, down);
    const coarser = known[at - node + tree.parent[node]];
    const above = known[parent * nodes + node];
    const total = 4 * (near + beside) + 2 * (far + above) + around + 3 * coarser;

    const kind = Math.min(tree.height[node], HEIGHTS - 1) * SIBLINGS + siblings;
    contexts[0] = kind * CLASSES + classOf((2 * near + far) >> (plane + 1));
    contexts[1] =
      (kind * CLASSES + classOf((2 * beside + around) >> (plane + 1))) * SMALL_CLASSES +
      smallClassOf(near >> plane);
    contexts[2] =
      (kind * SMALL_CLASSES + smallClassOf(coarser >> plane)) * SMALL_CLASSES +
      smallClassOf(above >> plane);
    contexts[3] = kind * CLASSES + classOf(total >> (plane + 2));
    contexts[4] = (kind * MOST_SUBBANDS + tree.subband[node]) * MOST_SPECTRAL + subband;
    const bit = source && source.magnitudes[at] >> plane > 0 ? 1 : 0;
    return this.significance.code(this.port, contexts, kind, bit);
  }

  private codeSign(place: number, node: number): void {
    const { tree, contexts, source } = this;
    const { nodes } = tree;
    const { signs } = this.known;
    const { before, after, parent, subband } = this.order[place];
    const at = place * nodes + node;
    const down = tree.pitch[node];
    const along = Math.sign(signs[at - 1] + signs[at + 1]) + 1;
    const across = Math.sign(signs[at - down] + signs[at + down]) + 1;
    const beside = (signs[before * nodes + node] + 1) * SIGNS + signs[after * nodes + node] + 1;
    const coarser = signs[at - node + tree.parent[node]] + 1;
    const above = signs[parent * nodes + node] + 1;
    contexts[0] = (along * SIGNS + across) * SIGNS + (tree.subband[node] % 3);
    contexts[1] = (coarser * SIGNS + above) * SIGNS ** 2 + beside;
    contexts[2] = above * MOST_SPECTRAL + subband;
    const negative = source && source.signs[at] < 0 ? 1 : 0;
    signs[at] = this.sign.code(this.port, contexts, 0, negative) === 1 ? -1 : 1;
  }

  private refine(place: number, node: number): void {
    const { tree, plane, contexts, source } = this;
    const { nodes } = tree;
    const known = this.known.magnitudes;
    const at = place * nodes + node;
    const { before, after } = this.order[place];
    const near = cross(known, at, tree.pitch[node]);
    const beside = known[before * nodes + node] + known[after * nodes + node];
    const again = known[at] === 3 << (plane + 1) ? 0 : 1;
    contexts[0] = again * CLASSES + classOf((near + beside) >> (plane + 1));
    contexts[1] =
      (again * SMALL_CLASSES + smallClassOf(near >> (plane + 2))) * SMALL_CLASSES +
      smallClassOf(beside >> (plane + 2));
    contexts[2] = Math.min(3, plane) * 2 + again;
    const bit = source ? (source.magnitudes[at] >> plane) & 1 : 0;
    this.visits++;
    const upper = this.refinement.code(this.port, contexts, again, bit) === 1;
    known[at] += upper ? 1 << plane : -(1 << plane);
  }
}

/** Sum of the four neighbours in a plane. */
function cross(values: Int32Array, at: number, down: number): number {
  return values[at - 1] + values[at + 1] + values[at - down] + values[at + down];
}
