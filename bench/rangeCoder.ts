import type { EntropyModel } from '../src/core/entropy/model';
import { RangeDecoder, RangeEncoder } from '../src/core/entropy/rangeCoder';
import { median } from './networks';

const SYMBOLS = 1_000_000;

/**
 * Million symbols a second with the model's own tables of the latents, and bytes over the table
 * entropy in percent. Symbols are small integers whose spread follows their scale index.
 */
export function rangeCoderSpeed({ yTables }: EntropyModel, runs: number) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const tables = Uint8Array.from({ length: SYMBOLS }, () => Math.floor(32 * random()));
  const symbols = Int32Array.from(tables, (table) => {
    const spread = 0.11 * (64 / 0.11) ** (table / 63);
    return Math.round(spread * (random() + random() + random() + random() - 2) * Math.sqrt(3));
  });
  const encode: number[] = [];
  const decode: number[] = [];
  let bytes = new Uint8Array(0);
  for (let run = 0; run < runs; run++) {
    const encoder = new RangeEncoder();
    let start = performance.now();
    for (let i = 0; i < SYMBOLS; i++) yTables.encode(encoder, tables[i], symbols[i]);
    bytes = encoder.finish();
    encode.push(SYMBOLS / 1e3 / (performance.now() - start));
    const decoder = new RangeDecoder(bytes);
    start = performance.now();
    for (let i = 0; i < SYMBOLS; i++) yTables.decode(decoder, tables[i]);
    decode.push(SYMBOLS / 1e3 / (performance.now() - start));
  }
  let bits = 0;
  for (let i = 0; i < SYMBOLS; i++) bits += yTables.bits(tables[i], symbols[i]);
  return {
    encode: median(encode),
    decode: median(decode),
    overhead: 100 * ((8 * bytes.length) / bits - 1),
  };
}
