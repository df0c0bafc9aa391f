import type { BitPort } from '../../core/entropy/bitPort';
import { ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { type RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { Turns } from '../turn';
import type { JobContext } from '../types';
import { PlaneFitter } from './fit';
import { ParameterCoder, type PlaneParameters } from './parameters';
import { PlaneCoder } from './planeCoder';
import { ResidualCoder } from './residualCoder';
import { closeRow } from './taps';

/** Whole numbers pixel by pixel, all bands of a pixel together; of two a sample, all first ones first. */
export interface NumberShape {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly perSample: number;
}

/** The open end of the parameters' stream: what is coded there before the first plane. */
export type Preamble = (port: BitPort) => void;

/** Codes all numbers. Throws `aborted`, `limit`. */
export async function encodeNumbers(
  numbers: Int32Array,
  shape: NumberShape,
  limits: readonly [number, number],
  preamble: Preamble,
  job: JobContext,
): Promise<{ readonly parameters: Uint8Array; readonly samples: Uint8Array }> {
  const { width, height, bands } = shape;
  const planes = bands * shape.perSample;
  const parameterStream = new RangeEncoder();
  const sampleStream = new RangeEncoder();
  const port = new WritingPort(parameterStream);
  preamble(port);
  const parameterCoder = new ParameterCoder(port, limits);
  const residuals = new ResidualCoder(new WritingPort(sampleStream));
  const coder = new PlaneCoder(width, height, planes, residuals);
  const fitter = new PlaneFitter(coder.history);
  const turns = new Turns(job, 'coding');
  for (let z = 0; z < planes; z++) {
    coder.history.store(z, numbers, startOf(shape, z), bands);
    for (let y = 0; y < height; y++) closeRow(coder.history, z, y);
    const parameters = parameterCoder.code(fitter.fit(z));
    await codePlane(coder, parameters, shape, z, turns);
  }
  return { parameters: parameterStream.finish(), samples: sampleStream.finish() };
}

/** Throws `aborted`, `limit`, and `bitstream` or `truncated` for damaged streams. */
export async function decodeNumbers(
  streams: { readonly parameters: RangeDecoder; readonly samples: RangeDecoder },
  shape: NumberShape,
  limits: readonly [number, number],
  job: JobContext,
): Promise<Int32Array<ArrayBuffer>> {
  const { width, height, bands } = shape;
  const planes = bands * shape.perSample;
  const parameterCoder = new ParameterCoder(new ReadingPort(streams.parameters), limits);
  const residuals = new ResidualCoder(new ReadingPort(streams.samples));
  const coder = new PlaneCoder(width, height, planes, residuals);
  const turns = new Turns(job, 'decoding');
  const numbers = new Int32Array(planes * width * height);
  for (let z = 0; z < planes; z++) {
    await codePlane(coder, parameterCoder.code(), shape, z, turns);
    coder.history.load(z, numbers, startOf(shape, z), bands);
  }
  streams.parameters.finish();
  streams.samples.finish();
  return numbers;
}

/** Index of the first number of plane z. */
function startOf({ width, height, bands }: NumberShape, z: number): number {
  return Math.floor(z / bands) * width * height * bands + (z % bands);
}

async function codePlane(
  coder: PlaneCoder,
  parameters: PlaneParameters,
  { height, bands, perSample }: NumberShape,
  z: number,
  turns: Turns,
): Promise<void> {
  const planes = bands * perSample;
  coder.begin(parameters);
  if (turns.due()) await turns.take(z / planes);
  if (parameters.low === parameters.high) return;
  for (let y = 0; y < height; y++) {
    coder.codeRow(y);
    if (turns.due()) await turns.take((z + y / height) / planes);
  }
}
