"""Integer CDF tables, 16 bits, with an escape symbol; made here once and shipped.

A table covers values min .. min + n - 1 and then one escape symbol. After an escape follow, at
probability 1/2 each, one bit for the side and the Exp-Golomb code (order 0) of the distance - 1.
"""

from dataclasses import dataclass

import numpy as np
import torch

from .entropy import SCALES, conditional_probability, sigma_of_index

TOTAL = 1 << 16
# Weights, in observations, of a shape against the histogram of training symbols: of the parametric
# one, and of a parent's table, which has been refined by many images already.
Y_PRIOR_COUNT, Z_PRIOR_COUNT = 400.0, 20.0
Y_PARENT_COUNT, Z_PARENT_COUNT = 20_000.0, 200.0
ESCAPE_FLOOR = 2e-5


@dataclass
class Tables:
    """Concatenated tables: `cdf` uint16 (each table's n + 1 entries), `min` and `length` int32."""

    cdf: np.ndarray
    min: np.ndarray
    length: np.ndarray

    def __post_init__(self):
        starts = np.concatenate([[0], np.cumsum(self.length.astype(np.int64) + 1)])
        self._bits = []
        for i, n in enumerate(self.length):
            edges = np.append(self.cdf[starts[i] : starts[i] + n + 1].astype(np.int64), TOTAL)
            self._bits.append(16 - np.log2(np.diff(edges)))

    def bits(self, symbols, index):
        """Bits of every symbol under the table of its index (arrays of one shape)."""
        symbols, index = np.asarray(symbols, np.int64), np.asarray(index, np.int64)
        result = np.zeros(symbols.shape)
        for i in np.unique(index):
            own = index == i
            result[own] = self._bits_of_table(symbols[own], i)
        return result

    def _bits_of_table(self, values, i):
        bits, n = self._bits[i], int(self.length[i])
        position = values - int(self.min[i])
        inside = (position >= 0) & (position < n)
        distance = np.where(position < 0, -position, position - n + 1)
        escape = bits[n] + 1 + 2 * np.floor(np.log2(np.maximum(distance, 1))) + 1
        return np.where(inside, bits[np.clip(position, 0, n - 1)], escape)

    def probabilities(self, i):
        """Of the values min[i] ... min[i] + length[i] - 1 of table i, and of its escape."""
        return 2.0 ** -self._bits[i]

    def tensors(self, prefix):
        return {f"{prefix}.cdf": self.cdf, f"{prefix}.min": self.min, f"{prefix}.length": self.length}

    @staticmethod
    def from_tensors(prefix, tensors):
        return Tables(*(tensors[f"{prefix}.{part}"] for part in ("cdf", "min", "length")))


def integer_cdf(probabilities):
    """uint16 starts of symbols whose probabilities are given (the last one the escape's)."""
    p = np.asarray(probabilities, dtype=np.float64)
    p = p / p.sum()
    share = p * (TOTAL - len(p))
    frequency = 1 + np.floor(share).astype(np.int64)
    missing = TOTAL - frequency.sum()
    frequency[np.argsort(-(share - np.floor(share)), kind="stable")[:missing]] += 1
    return np.concatenate([[0], np.cumsum(frequency)[:-1]]).astype(np.uint16)


def _concatenate(tables):
    cdf = np.concatenate([integer_cdf(p) for _, p in tables])
    lowest = np.array([low for low, _ in tables], dtype=np.int32)
    return Tables(cdf, lowest, np.array([len(p) - 1 for _, p in tables], dtype=np.int32))


def conditional_tables(symbols=None, index=None, parent=None):
    """The 64 tables of y, symmetric around 0, refined by observed symbols: the parent's `Tables` where
    there are any, else the parametric shapes."""
    weight = Y_PRIOR_COUNT if parent is None else Y_PARENT_COUNT
    tables = []
    for i in range(SCALES):
        sigma = sigma_of_index(torch.tensor(float(i), dtype=torch.float64))
        reach = int(np.ceil(9 * float(sigma) + 2))
        values = torch.arange(-reach, reach + 1, dtype=torch.float64)
        p = conditional_probability(values, sigma).numpy() if parent is None else parent.probabilities(i)[:-1]
        escape = max(1 - p.sum(), ESCAPE_FLOOR)
        if symbols is not None:
            own = symbols[index == i]
            count = np.bincount(np.clip(own, -reach, reach) + reach, minlength=2 * reach + 1) if own.size else 0 * p
            p = (weight * p + (count + count[::-1]) / 2) / (weight + own.size)
        tables.append((-reach, np.append(p, escape)))
    return _concatenate(tables)


def prior_tables(mean, log_scale, observed=None, parent=None):
    """z's tables, index target * channels + channel: the parent's where there are any, else from the
    logistic prior [targets, channels].

    `observed`: integer hyper-latents [targets, channels, samples] that refine the shape.
    """
    weight = Z_PRIOR_COUNT if parent is None else Z_PARENT_COUNT
    tables = []
    for t, c in np.ndindex(mean.shape):
        centre, scale = float(mean[t, c]), float(np.exp(log_scale[t, c]))
        own = None if observed is None else observed[t, c]
        low, high = np.floor(centre - 9 * scale - 1), np.ceil(centre + 9 * scale + 1)
        if own is not None:
            low, high = min(low, own.min() - 1), max(high, own.max() + 1)
        low, high = int(max(low, centre - 300)), int(min(high, centre + 300))
        values = np.arange(low, high + 1)
        if parent is None:
            p = _sigmoid((values + 0.5 - centre) / scale) - _sigmoid((values - 0.5 - centre) / scale)
        else:
            p = 2.0 ** -parent.bits(values, np.full(values.shape, t * mean.shape[1] + c))
        if own is not None:
            count = np.bincount(np.clip(own, low, high) - low, minlength=len(values))
            p = (weight * p + count) / (weight + own.size)
        tables.append((low, np.append(p, ESCAPE_FLOOR)))
    return _concatenate(tables)


def _sigmoid(v):
    return 0.5 * (1 + np.tanh(v / 2))
