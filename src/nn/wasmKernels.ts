import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

// tfjs's own copy the whole input out of the heap for every slice, make two views for every row that is
// joined, and transpose for sums over the first axes: a fifth of a training step.

type Values = Float32Array | Int32Array | Uint8Array;

interface Call {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly backend: unknown;
  readonly attrs?: tf.NamedAttrMap;
}

/** Runs shorter than this are copied value by value. */
const LONG_RUN = 64;

function valuesOf(backend: BackendWasm, x: tf.TensorInfo): Values {
  return backend.typedArrayFromHeap(x) as Values;
}

/** Copies the box of `size` at `begin` of an array of `shape`, in runs of what lies together. */
function copyBox(
  from: Values,
  to: Values,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): void {
  let axis = shape.length - 1;
  let [run, start] = [1, 0];
  for (; axis >= 0; axis--) {
    start += begin[axis] * run;
    run *= size[axis];
    if (size[axis] !== shape[axis]) break;
  }
  const strides = tf.util.computeStrides([...shape, 1]);
  for (let outer = axis - 1; outer >= 0; outer--) start += begin[outer] * strides[outer];
  const index = new Array<number>(Math.max(0, axis)).fill(0);
  for (let at = 0, source = start; at < to.length; at += run) {
    if (run < LONG_RUN) for (let i = 0; i < run; i++) to[at + i] = from[source + i];
    else to.set(from.subarray(source, source + run), at);
    for (let outer = axis - 1; outer >= 0; outer--) {
      source += strides[outer];
      if (++index[outer] < size[outer]) break;
      source -= size[outer] * strides[outer];
      index[outer] = 0;
    }
  }
}

function slice({ inputs, backend, attrs }: Call): tf.TensorInfo {
  const wasm = backend as BackendWasm;
  const x = inputs.x as tf.Tensor;
  const { begin, size } = attrs as unknown as { begin: number[]; size: number[] };
  const [from, shape] = tf.slice_util.parseSliceParams(x, begin, size);
  const out = wasm.makeOutput(shape, x.dtype);
  copyBox(valuesOf(wasm, x), valuesOf(wasm, out), x.shape, from, shape);
  return out;
}

function split({ inputs, backend, attrs }: Call): tf.TensorInfo[] {
  const x = inputs.x as tf.Tensor;
  const { numOrSizeSplits, axis } = attrs as unknown as {
    numOrSizeSplits: number | number[];
    axis: number;
  };
  const [own] = tf.util.parseAxisParam(axis, x.shape);
  const begin = x.shape.map(() => 0);
  return tf.backend_util.prepareSplitSize(x, numOrSizeSplits, own).map((length) => {
    const size = x.shape.map((whole, i) => (i === own ? length : whole));
    const part = slice({ inputs, backend, attrs: { begin: [...begin], size } });
    begin[own] += length;
    return part;
  });
}

const concat =
  (own: tf.KernelFunc): tf.KernelFunc =>
  (call) => {
    const { inputs, attrs } = call;
    const backend = call.backend as BackendWasm;
    const parts = Object.values(inputs as tf.NamedTensorInfoMap) as tf.TensorInfo[];
    const [{ shape, dtype }] = parts;
    const [axis] = tf.util.parseAxisParam((attrs as unknown as { axis: number }).axis, shape);
    if (dtype === 'string' || parts.length === 1) return own(call);
    const joined = tf.backend_util.computeOutShape(
      parts.map((part) => part.shape),
      axis,
    );
    const out = backend.makeOutput(joined, dtype);
    const target = valuesOf(backend, out);
    const row = tf.util.sizeFromShape(joined.slice(axis));
    let start = 0;
    for (const part of parts) {
      const run = tf.util.sizeFromShape(part.shape.slice(axis));
      spread(valuesOf(backend, part), target, run, start, row);
      start += run;
    }
    return out;
  };

/** Copies runs of values one after the other to places `row` apart, from `start` on. */
function spread(from: Values, to: Values, run: number, start: number, row: number): void {
  for (let source = 0, at = start; source < from.length; source += run, at += row) {
    if (run < LONG_RUN) for (let i = 0; i < run; i++) to[at + i] = from[source + i];
    else to.set(from.subarray(source, source + run), at);
  }
}

/** Number of rows that a sum over the first axes adds up; none where it is over others. */
function summedRows({ shape }: tf.TensorInfo, axes: readonly number[]): number | undefined {
  const last = Math.max(...axes);
  const first = shape.slice(0, last + 1);
  if (last === shape.length - 1) return undefined;
  if (first.some((size, axis) => size !== 1 && !axes.includes(axis))) return undefined;
  return tf.util.sizeFromShape(first);
}

const sum =
  (own: tf.KernelFunc): tf.KernelFunc =>
  (call) => {
    const { inputs, attrs } = call;
    const backend = call.backend as BackendWasm;
    const x = inputs.x as tf.TensorInfo;
    const { axis, keepDims } = attrs as unknown as { axis: number | number[]; keepDims: boolean };
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const rows = x.dtype === 'float32' ? summedRows(x, axes) : undefined;
    if (!rows) return own(call);
    const [shape] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
    const out = backend.makeOutput(shape, x.dtype);
    if (keepDims) out.shape = tf.backend_util.expandShapeToKeepDim(shape, axes);
    const values = valuesOf(backend, x);
    const totals = new Float64Array(values.length / rows);
    for (let at = 0; at < values.length; at += totals.length) {
      for (let i = 0; i < totals.length; i++) totals[i] += values[at + i];
    }
    valuesOf(backend, out).set(totals);
    return out;
  };

function replaceKernel(kernelName: string, wrap: (own: tf.KernelFunc) => tf.KernelFunc): void {
  const config = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ ...config, kernelFunc: wrap(config.kernelFunc) });
}

interface WasmModule {
  _malloc(bytes: number): number;
  _free(at: number): void;
}

/**
 * Memory that there is not comes as address 0, where tfjs would go on to write: over what lies there, with
 * wrong results and no word.
 */
function refuseAddressZero(): void {
  const { wasm } = tf.backend() as unknown as { readonly wasm: WasmModule };
  // The first call puts the function itself in the place of a stub.
  wasm._free(wasm._malloc(1));
  const { _malloc } = wasm;
  wasm._malloc = (bytes) => {
    const at = _malloc(bytes);
    if (at === 0) throw new RangeError(`Allocation failed: ${bytes} bytes for a tensor.`);
    return at;
  };
}

let prepared = false;

/** Replaces kernels of the wasm backend that the networks need often and that are slow. */
export function prepareWasmKernels(): void {
  if (prepared || tf.getBackend() !== 'wasm') return;
  prepared = true;
  refuseAddressZero();
  replaceKernel('Slice', () => slice as tf.KernelFunc);
  replaceKernel('SplitV', () => split as tf.KernelFunc);
  replaceKernel('Concat', concat);
  replaceKernel('Sum', sum);
}
