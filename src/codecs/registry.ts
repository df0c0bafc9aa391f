import { codecId } from '../nn/modelFile';
import type { ModelStore } from '../nn/models';
import { VARIANTS, type Variant } from '../nn/spec';
import { type AutoencoderFacts, createAutoencoder } from './autoencoders/coder';
import { CAE_1D } from './cae-1d/meta';
import { CAE_3D } from './cae-3d/meta';
import { Dct3dCoder } from './dct-3d/coder';
import { DpcmDctCoder } from './dpcm-dct/coder';
import { HificCodec } from './hific/codec';
import { hificMeta, localMeta, type Stage } from './hific/meta';
import { createHyperprior } from './hyperprior/coder';
import { Jpeg2000Coder } from './jpeg2000/coder';
import { createKltCoder } from './klt-jpeg2000/coder';
import { LosslessCodec } from './lossless/codec';
import { once } from './once';
import { OpenJpeg, type WasmSource } from './openjpeg/openJpeg';
import { PcaCoder } from './pca-jpeg2000/coder';
import { SampleCodec, type SampleCoder } from './sampleCodec';
import { SSCNET } from './sscnet/meta';
import type { Codec } from './types';
import { Wavelet3dCoder } from './wavelet-3d/coder';

/** What codecs are made of, each part loaded when it is first used. */
interface Parts {
  readonly models: ModelStore;
  readonly openJpeg: () => Promise<OpenJpeg>;
}

type Create = (parts: Parts) => Promise<Codec | undefined>;

/** Weights of a HiFiC variant, where they are installed; they are loaded when first used. */
function hific(variant: Variant, stage: Stage): Create {
  return async ({ models }) => {
    const entries = await models.entriesOf(codecId(variant, stage));
    if (entries.length === 0) return undefined;
    return new HificCodec(hificMeta(variant, stage, entries), models);
  };
}

function samples(coder: (parts: Parts) => Promise<SampleCoder | undefined>): Create {
  return async (parts) => {
    const found = await coder(parts);
    return found && new SampleCodec(found);
  };
}

function fixedRate(facts: AutoencoderFacts): Create {
  return samples(({ models }) => createAutoencoder(facts, models));
}

/** Every codec, one line each, in the order in which they are offered. */
const CODECS: readonly Create[] = [
  ...VARIANTS.map((variant) => hific(variant, 'fidelity')),
  ...VARIANTS.map((variant) => hific(variant, 'gan')),
  samples(({ models }) => createHyperprior(models)),
  ...[CAE_1D, SSCNET, CAE_3D].map(fixedRate),
  samples(({ models, openJpeg }) => createKltCoder(openJpeg, models)),
  samples(async ({ openJpeg }) => new PcaCoder(openJpeg)),
  samples(async ({ openJpeg }) => new Jpeg2000Coder(openJpeg)),
  samples(async () => new Wavelet3dCoder()),
  samples(async () => new Dct3dCoder()),
  samples(async () => new DpcmDctCoder()),
  async () => new LosslessCodec(),
];

/** The codecs that ship, with the models of a store. Throws what reading the manifest throws. */
export async function shippedCodecs(
  models: ModelStore,
  openJpegWasm: WasmSource,
): Promise<readonly Codec[]> {
  const parts = { models, openJpeg: once(() => OpenJpeg.load(openJpegWasm)) };
  const codecs = await Promise.all(CODECS.map((create) => create(parts)));
  return codecs.filter((codec) => codec !== undefined);
}

/** All codecs that can run, those of local models last. Throws as {@link shippedCodecs}. */
export async function createCodecs(
  models: ModelStore,
  openJpegWasm: WasmSource,
): Promise<readonly Codec[]> {
  return [...(await shippedCodecs(models, openJpegWasm)), ...localCodecs(models)];
}

/** The codecs of a store's local models, as they are now. */
export function localCodecs(models: ModelStore): readonly Codec[] {
  return models.localEntries().map((entry) => new HificCodec(localMeta(entry), models));
}
