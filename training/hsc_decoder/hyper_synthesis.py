"""Section 8: integer hyper-synthesis."""

import numpy as np

MAX_ACTIVATION = 32767


def hyper_synthesis(layers, zq, height, width, low, high):
    """Outputs from low to high, int64 [height, width, channels], of zq [hz, wz, filters]."""
    activations = zq.astype(np.int64)
    for layer in layers[:2]:
        sums = _transposed(layer, activations)
        activations = _scale_down(sums, layer.shift, 0, MAX_ACTIVATION)
    sums = _plain(layers[2], activations)[:height, :width]
    return _scale_down(sums, layers[2].shift, low, high)


def _transposed(layer, a):
    h, w, _ = a.shape
    # Output row 2y + ky - 2 lies at 2y + ky here: a margin of two rows and columns before.
    padded = np.zeros((2 * h + 3, 2 * w + 3, layer.weight.shape[2]), np.int64)
    for ky in range(5):
        for kx in range(5):
            padded[ky : ky + 2 * h : 2, kx : kx + 2 * w : 2] += a @ layer.weight[ky, kx].T
    return padded[2 : 2 + 2 * h, 2 : 2 + 2 * w] + layer.bias


def _plain(layer, a):
    h, w, _ = a.shape
    padded = np.pad(a, ((1, 1), (1, 1), (0, 0)))
    return layer.bias + sum(
        padded[ky : ky + h, kx : kx + w] @ layer.weight[ky, kx]
        for ky in range(3)
        for kx in range(3)
    )


def _scale_down(sums, shift, low, high):
    # The right shift of a negative NumPy integer rounds towards minus infinity.
    return np.clip((sums + (1 << (shift - 1))) >> shift, low, high)
