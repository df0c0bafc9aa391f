import type { EntropyModel } from '../src/core/entropy/model';
import { RangeDecoder, RangeEncoder } from '../src/core/entropy/rangeCoder';
import { median } from './networks';

const SYMBOLS = 100_000;
/** Rounds for each run of the other measurements: a round takes milliseconds. */
const ROUNDS = 20;

/**
 * Million symbols a second, median and best of many rounds, with the model's own tables of the
 * latents, one after the other as files are coded, and bytes over the table entropy in percent. Tables are random, which gives branch
 * prediction and caches nothing to go by; symbols are small integers whose spread follows their
 * scale index, escapes among them.
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
  for (let round = 0; round < ROUNDS * runs; round++) {
    const encoder = new RangeEncoder();
    let start = performance.now();
    for (let i = 0; i < SYMBOLS; i++) yTables.encode(encoder, tables[i], symbols[i]);
    bytes = encoder.finish();
    encode.push(SYMBOLS / 1e3 / (performance.now() - start));
    const decoder = new RangeDecoder(bytes);
    let wrong = 0;
    start = performance.now();
    for (let i = 0; i < SYMBOLS; i++) {
      if (yTables.decode(decoder, tables[i]) !== symbols[i]) wrong++;
    }
    decode.push(SYMBOLS / 1e3 / (performance.now() - start));
    if (wrong > 0) throw new Error(`The range coder decodes ${wrong} symbols wrongly.`);
  }
  let bits = 0;
  for (let i = 0; i < SYMBOLS; i++) bits += yTables.bits(tables[i], symbols[i]);
  return {
    encode: { median: median(encode), best: Math.max(...encode) },
    decode: { median: median(decode), best: Math.max(...decode) },
    overhead: 100 * ((8 * bytes.length) / bits - 1),
  };
}
