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

/** Planes of whole numbers, one after the other, each row by row. */
export interface PlaneShape {
  readonly width: number;
  readonly height: number;
  readonly planes: number;
}

/** The open end of the parameters' stream: what is coded there before the first plane. */
export type Preamble = (port: BitPort) => void;

/** Codes all numbers: [planes, height, width]. Throws `aborted`, `limit`. */
export async function encodeNumbers(
  numbers: Int32Array,
  shape: PlaneShape,
  limits: readonly [number, number],
  preamble: Preamble,
  job: JobContext,
): Promise<{ readonly parameters: Uint8Array; readonly samples: Uint8Array }> {
  const { width, height, planes } = shape;
  const parameterStream = new RangeEncoder();
  const sampleStream = new RangeEncoder();
  const port = new WritingPort(parameterStream);
  preamble(port);
  const parameterCoder = new ParameterCoder(port, limits);
  const residuals = new ResidualCoder(new WritingPort(sampleStream));
  const coder = new PlaneCoder(width, height, planes, residuals);
  const fitter = new PlaneFitter(coder.history);
  const turns = new Turns(job, 'coding');
  const pixels = width * height;
  for (let z = 0; z < planes; z++) {
    coder.history.store(z, numbers.subarray(z * pixels, (z + 1) * pixels));
    for (let y = 0; y < height; y++) closeRow(coder.history, z, y);
    const parameters = parameterCoder.code(fitter.fit(z));
    await codePlane(coder, parameters, shape, z, turns);
  }
  return { parameters: parameterStream.finish(), samples: sampleStream.finish() };
}

/** Throws `aborted`, `limit`, and `bitstream` or `truncated` for damaged streams. */
export async function decodeNumbers(
  streams: { readonly parameters: RangeDecoder; readonly samples: RangeDecoder },
  shape: PlaneShape,
  limits: readonly [number, number],
  job: JobContext,
): Promise<Int32Array<ArrayBuffer>> {
  const { width, height, planes } = shape;
  const parameterCoder = new ParameterCoder(new ReadingPort(streams.parameters), limits);
  const residuals = new ResidualCoder(new ReadingPort(streams.samples));
  const coder = new PlaneCoder(width, height, planes, residuals);
  const turns = new Turns(job, 'decoding');
  const pixels = width * height;
  const numbers = new Int32Array(planes * pixels);
  for (let z = 0; z < planes; z++) {
    await codePlane(coder, parameterCoder.code(), shape, z, turns);
    coder.history.load(z, numbers.subarray(z * pixels, (z + 1) * pixels));
  }
  streams.parameters.finish();
  streams.samples.finish();
  return numbers;
}

async function codePlane(
  coder: PlaneCoder,
  parameters: PlaneParameters,
  { height, planes }: PlaneShape,
  z: number,
  turns: Turns,
): Promise<void> {
  coder.begin(parameters);
  if (turns.due()) await turns.take(z / planes);
  if (parameters.low === parameters.high) return;
  for (let y = 0; y < height; y++) {
    coder.codeRow(y);
    if (turns.due()) await turns.take((z + y / height) / planes);
  }
}
