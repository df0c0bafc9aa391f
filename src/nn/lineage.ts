import * as v from 'valibot';
import { isNestedAtMost } from '../core/depth';

const text = v.pipe(v.string(), v.maxLength(500));
/** Settings are handed from thread to thread, which takes stack for every level. */
const SETTINGS_DEPTH = 8;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What tuned weights come from, as their file says. */
export const LineageSchema = v.object({
  /** Codec that training started from, and its weights' SHA-256. */
  parent: text,
  parentDigest: text,
  /** Names of the cubes that were trained on. */
  scenes: v.pipe(v.array(text), v.maxLength(1000)),
  /** Which parameters learned by which objective, with whatever else the trainer was told. */
  settings: v.pipe(
    v.looseObject({ part: text, objective: text }),
    v.check((settings) => isNestedAtMost(settings, SETTINGS_DEPTH)),
  ),
  /** Steps that were made. */
  step: count,
  /** Gain of a validation, dB; the file itself does not know it. */
  gain: v.optional(v.number()),
  /** ISO 8601. */
  date: text,
});

export type Lineage = v.InferOutput<typeof LineageSchema>;

/** What a weights file says of its training; nothing that its networks or files depend on. */
export interface TrainingRecord {
  /** What the weights are called, e.g. after the scene. */
  readonly name?: string;
  /** Of tuned weights. */
  readonly lineage?: Lineage;
}

const RecordSchema = v.object({
  name: v.fallback(v.optional(text), undefined),
  lineage: v.fallback(v.optional(LineageSchema), undefined),
});

/** Reads what is there: a record that says nothing, or nothing known here, is no error. */
export function parseTrainingRecord(json: string | undefined): TrainingRecord {
  try {
    const parsed = v.safeParse(RecordSchema, JSON.parse(json ?? '{}'));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}
