import { localCodecs } from '../codecs/registry';
import type { Codec } from '../codecs/types';
import { ModelStore } from '../nn/models';

/** A codec with the weights of one file, installed or not; and how to free them on the device. */
export interface SoloCodec {
  readonly codec: Codec;
  release(): Promise<void>;
}

/** Throws what `ModelStore.addLocal` throws. */
export async function soloCodec(weights: Uint8Array<ArrayBuffer>): Promise<SoloCodec> {
  const manifest = new TextEncoder().encode('{ "models": [] }');
  const store = new ModelStore(async () => manifest);
  await store.addLocal(weights);
  const [codec] = localCodecs(store);
  return { codec, release: () => store.release() };
}
