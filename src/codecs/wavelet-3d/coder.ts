import type { CubeInfo } from '../../core/cube/types';
import { type BitPort, CountingPort, ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { blockTree, spectralOrder, type BlockTree, type SpectralPlace } from './blocks';
import { PlaneCoder, type Source } from './planeCoder';
import { analyse, synthesise, type Volume } from './transform';
import { ByteReader, ByteWriter } from '../../core/bitstream/bytes';

export const X = { spectral: 5, spatial: 5, per: 8 };

function toBsq(samples: Float32Array, { width, height, bands }: Volume) {
  const plane = width * height;
  const out = new Float32Array(samples.length);
  for (let p = 0; p < plane; p++) for (let b = 0; b < bands; b++) out[b * plane + p] = samples[p * bands + b];
  return out;
}
function toBip(data: Float32Array, { width, height, bands }: Volume) {
  const plane = width * height;
  const out = new Float32Array(data.length);
  for (let p = 0; p < plane; p++) for (let b = 0; b < bands; b++) out[p * bands + b] = data[b * plane + p];
  return out;
}
const stepOf = (code: number) => 2 ** (10 - code / X.per);

function quantise(data: Float32Array, volume: Volume, tree: BlockTree, order: readonly SpectralPlace[], unit: number): Source {
  const pixels = volume.width * volume.height;
  const magnitudes = new Int32Array(order.length * tree.nodes);
  const signs = new Int8Array(order.length * tree.nodes);
  for (const [k, { plane }] of order.entries()) {
    const base = k * tree.nodes;
    for (const leaf of tree.leaves) {
      const value = data[plane * pixels + tree.sample[leaf]];
      magnitudes[base + leaf] = Math.floor(Math.abs(value) / unit);
      signs[base + leaf] = value < 0 ? -1 : 1;
    }
    const visit = (node: number): number => {
      const first = tree.firstChild[node];
      const end = tree.firstChild[node + 1];
      if (tree.height[node] === 0) return magnitudes[base + node];
      let most = 0;
      for (let i = first; i < end; i++) most = Math.max(most, visit(tree.children[i]));
      magnitudes[base + node] = most;
      return most;
    };
    visit(tree.root);
  }
  return { magnitudes, signs };
}

export function encode(samples: Float32Array, volume: Volume, budget: number, log = false) {
  const L = { spectral: Math.min(X.spectral, Math.ceil(Math.log2(volume.bands))), spatial: Math.min(X.spatial, Math.ceil(Math.log2(Math.max(volume.width, volume.height)))) };
  const data = toBsq(samples, volume);
  analyse(data, volume, L);
  const tree = blockTree(volume.width, volume.height, L.spatial);
  const order = spectralOrder(volume.bands, L.spectral);
  const trial = (code: number, port: BitPort & { bits: number }, bits: number, last: number) => {
    const unit = stepOf(code) / 2;
    const source = quantise(data, volume, tree, order, unit);
    let most = 0;
    for (const k of order.keys()) most = Math.max(most, source.magnitudes[k * tree.nodes + tree.root]);
    const top = most > 0 ? 31 - Math.clz32(most) : 0;
    const coder = new PlaneCoder(tree, order, port, { reached: () => port.bits > bits }, source);
    const done = coder.run(top, last);
    return { coder, done, unit, top };
  };
  const streamBits = 8 * (budget - 6);
  let low = 0;
  let high = 250;
  while (high - low > 1) {
    const code = (low + high) >> 1;
    const t = performance.now();
    const { done } = trial(code, new CountingPort(), streamBits, 1);
    if (log) console.log('  code', code, done, (performance.now() - t).toFixed(0));
    if (done) low = code;
    else high = code;
  }
  const { coder, unit, top } = trial(low, new CountingPort(), streamBits, 0);
  // reconstruct
  const { known, signs } = coder.coefficients;
  const pixels = volume.width * volume.height;
  // biases
  const num = [0, 0], den = [0, 0];
  for (const [k, { plane }] of order.entries()) for (const leaf of tree.leaves) {
    const v = known[k * tree.nodes + leaf];
    if (v === 0) continue;
    const width = v & -v;
    const c = v === 3 * width ? 0 : 1;
    num[c] += (v / 2 * unit - Math.abs(data[plane * pixels + tree.sample[leaf]])) * width * unit;
    den[c] += (width * unit) ** 2;
  }
  const bias = [0, 1].map((c) => den[c] ? Math.round(32 * num[c] / den[c]) / 32 : 0);
  const out = new Float32Array(data.length);
  let count = 0;
  for (const [k, { plane }] of order.entries()) for (const leaf of tree.leaves) {
    const at = k * tree.nodes + leaf;
    const v = known[at];
    if (v === 0) continue;
    count++;
    const width = v & -v;
    const c = v === 3 * width ? 0 : 1;
    out[plane * pixels + tree.sample[leaf]] = signs[at] * (v / 2 - bias[c] * width) * unit;
  }
  synthesise(out, volume, L);
  if (log) console.log('  bias', bias, 'code', low, 'top', top, 'visits', coder.visits, 'nonzero', count);
  return toBip(out, volume);
}
