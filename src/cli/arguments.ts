import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type EncodeOptions, METADATA_CHOICES, type MetadataChoice } from '../codecs/types';
import type { BackendName } from '../nn/backend';
import { UsageError } from './terminal';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** Options that every command which runs a codec takes. */
export const STUDIO_OPTIONS = {
  backend: { type: 'string' },
  models: { type: 'string' },
  weights: { type: 'string', multiple: true },
} as const satisfies Options;

/** Options of `openFiles`. */
export const OPEN_OPTIONS = {
  variable: { type: 'string' },
  axes: { type: 'string' },
} as const satisfies Options;

/** Parses a command's arguments. Throws `UsageError` for options it does not know. */
export function parse<T extends Options>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const BACKENDS: readonly string[] = ['webgpu', 'webgl', 'wasm', 'cpu'] satisfies BackendName[];

export function backendOption(value: string | undefined): BackendName | undefined {
  if (value === undefined) return undefined;
  if (!BACKENDS.includes(value)) {
    throw new UsageError(`--backend must be one of ${BACKENDS.join(', ')}.`);
  }
  return value as BackendName;
}

export function metadataOption(value: string): MetadataChoice {
  if (!(METADATA_CHOICES as readonly string[]).includes(value)) {
    throw new UsageError(`--metadata must be one of ${METADATA_CHOICES.join(', ')}.`);
  }
  return value as MetadataChoice;
}

/** Options of a coding, which {@link encodeOptions} reads. */
export const ENCODE_OPTIONS = {
  rate: { type: 'string', default: '0.6' },
  grid: { type: 'string' },
  bands: { type: 'string', default: 'refuse' },
  metadata: { type: 'string', default: 'all' },
} as const satisfies Options;

interface EncodeValues {
  readonly rate: string;
  readonly grid?: string;
  readonly bands: string;
  readonly metadata: string;
}

/** Throws `UsageError` for what is none. */
export function encodeOptions({ rate, grid, bands, metadata }: EncodeValues): EncodeOptions {
  if (bands !== 'refuse' && bands !== 'covered') {
    throw new UsageError('--bands must be refuse or covered.');
  }
  return {
    rate: rateOption(rate),
    bandPolicy: bands,
    grid,
    metadata: metadataOption(metadata),
  };
}

/** How files lead to tuned weights. */
export function weightsOption(delta: boolean | undefined): EncodeOptions['weights'] {
  return delta ? 'delta' : 'digest';
}

/** A positive rate in bpp. */
export function rateOption(value: string): number {
  const rate = Number(value);
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new UsageError(`A rate must be a positive number of bits per pixel, not “${value}”.`);
  }
  return rate;
}

/** A comma-separated list without empty entries. */
export function list(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}
