"""Section 8: means and scale indices from the hyper-latents and what is decoded already."""

import numpy as np

from .hyper_synthesis import MAX_ACTIVATION
from .weights import SCALES

MEAN_UNIT = 64
NEIGHBOURS = ((0, -1), (-1, 0), (-1, -1), (-1, 1))


def decode_in_context(model, mean, scale, rate, read):
    """(q, means, scale indices), each int64 [height, width, channels].

    mean, scale: outputs of the two hyper-syntheses; read(index) yields the next symbol.
    """
    height, width, channels = mean.shape
    context = model.context
    q, means, indices = (np.zeros(mean.shape, np.int64) for _ in range(3))
    # One row above and one column to either side stay zero: what lies outside the tile.
    linear, root = (np.zeros((height + 1, width + 2, channels), np.int64) for _ in range(2))
    for y, x in np.ndindex(height, width):
        near = [
            values[y + 1 + dy, x + 1 + dx] for dy, dx in NEIGHBOURS for values in (linear, root)
        ]
        own = [_normalised(mean[y, x], context.norm), scale[y, x], np.array([64 * rate])]
        a = context.into.apply(np.concatenate([*near, *own]), 0)
        here = y + 1, x + 1
        for s in range(context.slices):
            part = slice(s * channels // context.slices, (s + 1) * channels // context.slices)
            known = np.where(np.arange(channels) < part.start, 1, 0)
            inputs = np.concatenate([a, linear[here] * known, root[here] * known])
            b = context.hidden.apply(inputs, 0)
            b = b[s * context.slice_width : (s + 1) * context.slice_width]
            change = context.out.apply(b, -MAX_ACTIVATION)
            shift = (change[:channels] * context.gain) >> 16
            m = np.clip(mean[y, x] + shift, -MAX_ACTIVATION, MAX_ACTIVATION)
            index = np.clip((scale[y, x] + change[channels:] + MEAN_UNIT // 2) >> 6, 0, SCALES - 1)
            symbols = [read(i) for i in index[part].tolist()]
            q[y, x, part], means[y, x, part], indices[y, x, part] = symbols, m[part], index[part]
            value = MEAN_UNIT * q[y, x, part] + means[y, x, part]
            linear[here][part] = _normalised(value, context.norm[part])
            # Exact: the arguments stay far below 2^52.
            root[here][part] = np.floor(np.sqrt(16 * np.abs(value))).astype(np.int64)
    return q, means, indices


def _normalised(value, norm):
    return np.clip((value * norm) >> 16, -MAX_ACTIVATION, MAX_ACTIVATION)
