import type { GridSize } from '../../core/entropy/hyperSynthesis';
import {
  decodeHyperLatents,
  encodeHyperLatents,
  roundToSymbol,
  tileBits,
} from '../../core/entropy/latentCoder';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { scaleIndices } from '../../core/entropy/scaleHyperprior';
import type { HyperpriorModel } from '../../nn/neighbours/hyperprior';
import { gainsAt } from '../hific/rate';
import { Turns } from '../turn';
import type { JobContext } from '../types';

/** The integers of one group of bands, [h, w, channels] each. */
export interface GroupSymbols {
  readonly zq: Int32Array<ArrayBuffer>;
  readonly q: Int32Array<ArrayBuffer>;
}

/** Latents [h, w, groups · channels] at a stored rate: symbols of each group. Throws `device`, `aborted`. */
export async function quantise(
  model: HyperpriorModel,
  latents: Float32Array,
  size: GridSize,
  rate: number,
  job: JobContext,
): Promise<readonly GroupSymbols[]> {
  const { latentChannels: channels } = model.spec;
  const gains = gainsAt(model.logGains, channels, rate);
  const turns = new Turns(job, 'hyper-latents');
  const groups: GroupSymbols[] = [];
  for (let group = 0; group < model.groups; group++) {
    if (turns.due()) await turns.take(group / model.groups);
    const scaled = new Float32Array(size.width * size.height * channels);
    for (let i = 0; i < scaled.length; i++) {
      const [at, c] = [Math.floor(i / channels), i % channels];
      scaled[i] = latents[at * model.components + group * channels + c] * gains[c];
    }
    const z = await model.hyperAnalyse(scaled, size.height, size.width);
    groups.push({
      zq: Int32Array.from(z, roundToSymbol),
      q: Int32Array.from(scaled, roundToSymbol),
    });
  }
  return groups;
}

/** Latents [h, w, groups · channels] that a decoder has. */
export function dequantise(
  model: HyperpriorModel,
  groups: readonly GroupSymbols[],
  rate: number,
): Float32Array<ArrayBuffer> {
  const { latentChannels: channels } = model.spec;
  const gains = gainsAt(model.logGains, channels, rate);
  const latents = new Float32Array(groups.length * groups[0].q.length);
  for (const [group, { q }] of groups.entries()) {
    for (let i = 0; i < q.length; i++) {
      const [at, c] = [Math.floor(i / channels), i % channels];
      latents[at * model.components + group * channels + c] = q[i] / gains[c];
    }
  }
  return latents;
}

/** What the tables charge for an image's symbols, in bits. */
export function bitsOf(
  { entropy }: HyperpriorModel,
  groups: readonly GroupSymbols[],
  size: GridSize,
  rate: number,
): number {
  return groups.reduce((sum, own) => {
    const scaleIndex = scaleIndices(entropy, own.zq, size);
    const { zBits, yBits } = tileBits(entropy, rate, own, { scaleIndex });
    return sum + zBits + yBits;
  }, 0);
}

/** Two streams: the hyper-latents of one group after the other, and the latents likewise. */
export async function encodeSymbols(
  { entropy }: HyperpriorModel,
  groups: readonly GroupSymbols[],
  size: GridSize,
  rate: number,
  job: JobContext,
): Promise<{ readonly hyperLatents: Uint8Array; readonly latents: Uint8Array }> {
  const [outer, inner] = [new RangeEncoder(), new RangeEncoder()];
  const turns = new Turns(job, 'latents');
  for (const [group, { zq, q }] of groups.entries()) {
    if (turns.due()) await turns.take(group / groups.length);
    encodeHyperLatents(outer, entropy, rate, zq);
    const scales = scaleIndices(entropy, zq, size);
    for (let i = 0; i < q.length; i++) entropy.yTables.encode(inner, scales[i], q[i]);
  }
  return { hyperLatents: outer.finish(), latents: inner.finish() };
}

/** The reverse. Throws `check-failed`, `truncated` or `bitstream` for damaged bytes, `aborted`. */
export async function decodeSymbols(
  { entropy, groups: count }: HyperpriorModel,
  streams: { readonly hyperLatents: Uint8Array; readonly latents: Uint8Array },
  size: GridSize,
  rate: number,
  job: JobContext,
): Promise<readonly GroupSymbols[]> {
  const outer = new RangeDecoder(streams.hyperLatents);
  const inner = new RangeDecoder(streams.latents);
  const turns = new Turns(job, 'latents');
  const groups: GroupSymbols[] = [];
  for (let group = 0; group < count; group++) {
    if (turns.due()) await turns.take(group / count);
    const zq = decodeHyperLatents(outer, entropy, rate, size);
    const scales = scaleIndices(entropy, zq, size);
    const q = Int32Array.from(scales, (scale) => entropy.yTables.decode(inner, scale));
    groups.push({ zq, q });
  }
  outer.finish();
  inner.finish();
  return groups;
}
