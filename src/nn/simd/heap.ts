import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { KERNELS } from './module';

/** What `kernels/` exports; pointers are addresses in the heap of tfjs. */
export interface SimdKernels {
  scratchBytes(inputs: number): number;
  convolve(
    x: number,
    height: number,
    width: number,
    pixelBytes: number,
    inputs: number,
    filter: number,
    bias: number,
    out: number,
    outPixelBytes: number,
    outputs: number,
    relu: number,
    scratch: number,
  ): void;
  channelNorm(
    x: number,
    pixels: number,
    channels: number,
    epsilon: number,
    gain: number,
    bias: number,
    out: number,
  ): void;
}

interface TfjsModule {
  readonly asm?: Readonly<Record<string, unknown>>;
  _malloc(bytes: number): number;
  _free(at: number): void;
}

interface Scratch {
  readonly at: number;
  readonly bytes: number;
}

/** Our kernels in the heap of one wasm backend. */
export class SimdHeap {
  private scratch: Scratch = { at: 0, bytes: 0 };

  private constructor(
    readonly kernels: SimdKernels,
    private readonly backend: BackendWasm,
  ) {}

  /** Nothing where there is no SIMD, or where tfjs does not show its memory. */
  static in(backend: BackendWasm): SimdHeap | undefined {
    const { asm = {} } = backend.wasm as unknown as TfjsModule;
    const memory = Object.values(asm).find((one) => one instanceof WebAssembly.Memory);
    const code = Uint8Array.from(atob(KERNELS), (letter) => letter.charCodeAt(0));
    if (!memory || !WebAssembly.validate(code)) return undefined;
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
    return new SimdHeap(instance.exports as unknown as SimdKernels, backend);
  }

  /** Where the tensor's values lie, until it is disposed of. */
  addressOf({ dataId }: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(dataId).memoryOffset;
  }

  makeOutput(shape: number[]): tf.TensorInfo {
    return this.backend.makeOutput(shape, 'float32');
  }

  /** Memory to work in, of at least so many bytes, until it is asked for again. */
  scratchOf(bytes: number): number {
    if (bytes <= this.scratch.bytes) return this.scratch.at;
    const module = this.backend.wasm as unknown as TfjsModule;
    const { at } = this.scratch;
    this.scratch = { at: 0, bytes: 0 };
    if (at) module._free(at);
    this.scratch = { at: module._malloc(bytes), bytes };
    return this.scratch.at;
  }
}

const heaps = new WeakMap<BackendWasm, SimdHeap | null>();

/** The kernels in the current backend; nothing where it is not wasm or has no SIMD. */
export function simdHeap(): SimdHeap | undefined {
  if (tf.getBackend() !== 'wasm') return undefined;
  const backend = tf.backend() as BackendWasm;
  let heap = heaps.get(backend);
  if (heap === undefined) {
    heap = SimdHeap.in(backend) ?? null;
    heaps.set(backend, heap);
  }
  return heap ?? undefined;
}
