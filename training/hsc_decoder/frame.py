"""Section 3: the spectral frame of an image, in symbols, numbers and as a rotation."""

from dataclasses import dataclass

import numpy as np

from .errors import HscError
from .range_decoder import RangeDecoder
from .weights import SCALES

RHO = (64 / 0.11) ** (4 / 63)
INDICES_PER_PRECISION = 4
SMALLEST_LENGTH = 1e-6


@dataclass(frozen=True)
class Frame:
    precision: list[int]
    symbols: np.ndarray
    """int32 [1 + rows, components]."""
    values: np.ndarray
    """float64 [1 + rows, components]: the mean, then the axes as coded."""


def decode_frame(data, model):
    """The frame of a file's header, None where it has none. Raises HscError."""
    if not data:
        return None
    if model.frame is None:
        raise HscError("model-mismatch", "the file has a frame, its model does not")
    decoder, frame = RangeDecoder(data), model.frame
    rows = decoder.bits(4)
    if rows >= len(frame.step):
        raise HscError("bitstream", "impossible frame")
    precision, symbols = [], []
    for i in range(rows + 1):
        p = decoder.bits(3)
        tables = np.minimum(SCALES - 1, frame.index[i] + INDICES_PER_PRECISION * p)
        precision.append(p)
        symbols.append([model.y_tables[t].decode(decoder) for t in tables.tolist()])
    decoder.finish()
    steps = np.array([frame.step[i] * RHO**-p for i, p in enumerate(precision)])
    symbols = np.array(symbols, np.int32)
    return Frame(precision, symbols, symbols * steps[:, None])


def rotation(axes):
    """R [K, K] of the coded axes [rows, K]: orthonormal, each at its pivot."""
    own = []
    for row in axes:
        v = _residual(row, own)
        length = np.linalg.norm(v)
        if length < SMALLEST_LENGTH * max(np.linalg.norm(row), 1e-300):
            raise HscError("bitstream", "the axes of the frame depend on each other")
        own.append(v / length)
    size = axes.shape[1]
    places = pivots(own)
    result, done = np.zeros((size, size)), list(own)
    for pivot, row in zip(places, own):
        result[pivot] = row
    for j in range(size):
        if j not in places:
            v = _residual(np.eye(size)[j], done)
            done.append(v / np.linalg.norm(v))
            result[j] = done[-1]
    return result


def _residual(row, others):
    """What is left of a row beside orthonormal ones; twice, against rounding."""
    for _ in range(2):
        for other in others:
            row = row - (row @ other) * other
    return row


def pivots(rows):
    """Axis that each of the rows [k, K] stands for: its largest element not yet taken."""
    w, taken = np.array(rows, dtype=np.float64), []
    for i in range(len(w)):
        free = np.abs(w[i])
        free[taken] = -1
        a = int(free.argmax())
        taken.append(a)
        w[i + 1 :] -= np.outer(w[i + 1 :, a] / w[i, a], w[i])
    return taken
