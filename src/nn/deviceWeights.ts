import * as tf from '@tensorflow/tfjs-core';
import { HscError } from '../core/errors';
import type { Tensor } from '../core/safetensors';
import type { Weights } from './network';

/** Parameters that do not change, uploaded once to the current tfjs backend. */
export class DeviceWeights implements Weights {
  private readonly uploaded = new Map<string, tf.Tensor>();
  private readonly kept = new Map<string, tf.Tensor[]>();

  /** Uploads the named tensors, all of them by default. */
  constructor(tensors: ReadonlyMap<string, Tensor>, names: Iterable<string> = tensors.keys()) {
    for (const name of names) {
      const tensor = tensors.get(name);
      if (!tensor) throw missing(name);
      const values =
        tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data);
      this.uploaded.set(name, tf.keep(tf.tensor(values, [...tensor.shape], 'float32')));
    }
  }

  get<R extends tf.Rank = tf.Rank>(name: string): tf.Tensor<R> {
    const tensor = this.uploaded.get(name);
    if (!tensor) throw missing(name);
    return tensor as tf.Tensor<R>;
  }

  derived<T extends tf.Tensor>(key: string, make: () => T[]): T[] {
    let tensors = this.kept.get(key);
    if (!tensors) {
      tensors = tf.tidy(() => make().map((tensor) => tf.keep(tensor)));
      this.kept.set(key, tensors);
    }
    return tensors as T[];
  }

  /** Frees the device's memory; the weights cannot be used afterwards. */
  dispose(): void {
    tf.dispose([...this.uploaded.values(), ...[...this.kept.values()].flat()]);
    this.uploaded.clear();
    this.kept.clear();
  }
}

function missing(name: string): HscError {
  return new HscError('bad-file', `The weights lack the parameter ${name}.`);
}
