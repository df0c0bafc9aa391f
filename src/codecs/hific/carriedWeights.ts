import { HscError } from '../../core/errors';
import type { LocalEntry } from '../../nn/localModels';
import { sha256Of } from '../../nn/modelFile';
import { isLocal, Model, type ModelEntry, type ModelStore } from '../../nn/models';
import { changedParameters, weightDelta } from '../../nn/weightDelta';

/**
 * A model with what a file changes of its weights. Throws `bitstream` or `truncated` where the file
 * changes what it cannot.
 */
export async function withDelta(
  base: Model,
  delta: Uint8Array,
  models: ModelStore,
): Promise<Model> {
  const key = `${base.digest} ${await sha256Of(delta.slice())}`;
  return models.derived(key, async () => {
    const file = { ...base.file, parameters: changedParameters(base.file, delta) };
    return new Model(base.id, base.codec, file, delta);
  });
}

/** Beginnings of names of what no decoder needs to know. */
const ENCODER_SIDE = ['encoder.', 'bypass.analysis.'];

/**
 * Tuned weights as files can carry them: weights that shipped, with their probability model, their
 * decoder changed by what the file holds, and the tuned E. Weights that shipped stay as they are.
 * Throws `bad-argument` where files cannot carry them, `model-missing` where nothing that shipped is
 * like them, and what loading throws.
 */
export async function asCarried(tuned: Model, models: ModelStore): Promise<Model> {
  const entries = await models.entries();
  const own = entries.find(({ id }) => id === tuned.id);
  if (!own || !isLocal(own)) return tuned;
  const base = await models.load(shippedLike(own, entries).id);
  return models.derived(`${base.digest} ${tuned.file.sha256}`, async () => {
    const delta = weightDelta(base.file, tuned.file);
    const decoder = delta ? changedParameters(base.file, delta) : base.file.parameters;
    const encoder = [...tuned.file.parameters].filter(([name]) =>
      ENCODER_SIDE.some((start) => name.startsWith(start)),
    );
    const parameters = new Map([...decoder, ...encoder]);
    const { stage } = tuned.file;
    return new Model(tuned.id, tuned.codec, { ...base.file, stage, parameters }, delta);
  });
}

/** The weights that local ones were tuned from, if they shipped, or those of the same codec. */
function shippedLike({ local, grid }: LocalEntry, entries: readonly ModelEntry[]): ModelEntry {
  const shipped = entries.filter((entry) => !isLocal(entry) && entry.grid === grid);
  const found =
    shipped.find(({ sha256 }) => sha256 === local.lineage?.parentDigest) ??
    shipped.find(({ codec }) => codec === local.like.codec);
  if (found) return found;
  throw new HscError(
    'model-missing',
    `No weights of ${local.like.label} on ${grid} are installed that a file could change.`,
  );
}
