import type { ModelStore } from '../nn/models';
import type { Variant } from '../nn/spec';
import { HificCodec } from './hific/codec';
import { hificMeta } from './hific/meta';
import type { Codec } from './types';

type Create = (models: ModelStore) => Promise<Codec | undefined>;

/** A HiFiC variant, where its weights are installed; they are loaded when first used. */
function hific(id: Variant): Create {
  return async (models) => {
    const entry = (await models.entries()).find((candidate) => candidate.id === id);
    return entry && new HificCodec(hificMeta(id, entry), models);
  };
}

/** Every codec, one line each, in the order in which they are offered. */
const CODECS: readonly Create[] = [hific('hific-opt'), hific('hific-se'), hific('hific-3d')];

/** The codecs that can run with the models of a store. Throws what reading the manifest throws. */
export async function createCodecs(models: ModelStore): Promise<readonly Codec[]> {
  const codecs = await Promise.all(CODECS.map((create) => create(models)));
  return codecs.filter((codec) => codec !== undefined);
}
