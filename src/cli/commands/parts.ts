import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { codeShard, joinParts, planParts } from '../../codecs/hific/partFiles';
import type { Share } from '../../codecs/types';
import {
  backendOption,
  ENCODE_OPTIONS,
  encodeOptions,
  OPEN_OPTIONS,
  parse,
  STUDIO_OPTIONS,
} from '../arguments';
import { readInput, resolveInputs } from '../inputs';
import { diskPart } from '../partStore';
import { modelStore, startStudio, withSource } from '../studio';
import { EXIT, ProgressLine, UsageError } from '../terminal';

export const PLAN_USAGE = `hsc plan IN -o PLAN.hsp
  How a large image is to be coded by a learned codec: value range, spectral frame, and the rate, judged
  by some of its tiles. Takes --codec, --rate, --grid, --bands, --metadata, --variable and --axes as
  encode does.`;

export const SHARD_USAGE = `hsc shard IN --plan PLAN.hsp --shard I/N -o PART.hsp
  Codes the I-th of N shares (from 1) of a planned image's tiles, on any machine; the same command goes on
  after a crash. Takes --variable and --axes.`;

export const JOIN_USAGE = `hsc join PART.hsp… -o OUT.hsc
  The .hsc file from the parts of one plan, in any order.`;

function one(positionals: readonly string[], what: string): string {
  const [only, ...others] = positionals;
  if (only === undefined || others.length > 0) throw new UsageError(`Name one ${what}.`);
  return only;
}

function outputOption(output: string | undefined): string {
  if (output) return output;
  throw new UsageError('Name the output by -o.');
}

/** `3/8` is the third of eight shares. Throws `UsageError`. */
export function shareOption(value: string | undefined): Share {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(value ?? '') ?? [];
  const share = { index: Number(index) - 1, of: Number(of) };
  if (share.index >= 0 && share.index < share.of) return share;
  throw new UsageError('Name the share by --shard I/N, as in --shard 3/8.');
}

export async function plan(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    ...OPEN_OPTIONS,
    output: { type: 'string', short: 'o' },
    codec: { type: 'string', default: 'hific-se' },
    ...ENCODE_OPTIONS,
  });
  const output = outputOption(values.output);
  const [input] = await resolveInputs([one(positionals, 'image to plan')]);
  const options = encodeOptions(values);
  const studio = await startStudio({ ...values, backend: backendOption(values.backend) });
  const { meta } = studio.codec(values.codec);
  const progress = new ProgressLine();
  const job = progress.job(basename(input), signal);
  const opening = { candidate: values.variable, axes: values.axes };
  const bytes = await withSource(input, opening, (source) =>
    planParts(meta, studio.store, source, options, job),
  );
  await writeFile(output, bytes);
  progress.print(`${basename(input)} → ${output}: a plan for ${meta.id} at ${options.rate} bpp`);
  return EXIT.ok;
}

export async function shard(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    ...OPEN_OPTIONS,
    output: { type: 'string', short: 'o' },
    plan: { type: 'string' },
    shard: { type: 'string' },
  });
  const share = shareOption(values.shard);
  const output = outputOption(values.output);
  if (!values.plan) throw new UsageError('Name the plan by --plan; `hsc plan` makes it.');
  const [input] = await resolveInputs([one(positionals, 'image')]);
  const planned = await readInput(values.plan);
  const studio = await startStudio({ ...values, backend: backendOption(values.backend) });
  const progress = new ProgressLine();
  const job = progress.job(basename(input), signal);
  const opening = { candidate: values.variable, axes: values.axes };
  const part = diskPart(output);
  try {
    await withSource(input, opening, (source) =>
      codeShard(studio.store, source, planned, share, part, job),
    );
  } finally {
    await part.close();
  }
  progress.print(`${basename(input)} → ${output}: share ${share.index + 1} of ${share.of}`);
  return EXIT.ok;
}

export async function join(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, {
    ...STUDIO_OPTIONS,
    output: { type: 'string', short: 'o' },
  });
  if (positionals.length === 0) throw new UsageError('Name the parts to join.');
  const output = outputOption(values.output);
  const parts = await Promise.all(positionals.map((path) => readInput(path)));
  const { file, header, budget } = await joinParts(await modelStore(values), parts);
  await writeFile(output, file);
  const bppOf = (bytes: number) => ((8 * bytes) / (header.width * header.height)).toFixed(3);
  new ProgressLine().print(
    `${parts.length} parts → ${output}: ${file.length} bytes, ${bppOf(file.length)} bpp ` +
      `(${bppOf(budget)} asked for)`,
  );
  return EXIT.ok;
}
