"""Time-domain lapping: what makes block transforms overlap by half a block on either side.

An orthogonal matrix acts on the 2 x 8 samples around every border between blocks, rows and columns
alike: on the halves' mirrored sums it is the identity, on their mirrored differences J C4' C2 J (C2
and C4 the orthonormal DCT-II and -IV, J the reversal), after which a block DCT is the type-II fast
lapped orthogonal transform. Source: Tran, Liang, Tu, "Lapped transform via time-domain pre- and
post-filtering", IEEE Trans. Signal Processing 51 (2003).
"""

import math
from functools import lru_cache

import torch


@lru_cache
def lapping_matrix(block):
    """Orthogonal [block, block], float64: rows of samples around a border, times it, are lapped."""
    half = block // 2
    n = torch.arange(half).double()
    k = n[:, None]
    c2 = torch.cos(math.pi * (n + 0.5) * k / half) * math.sqrt(2 / half)
    c2[0] /= math.sqrt(2)
    c4 = torch.cos(math.pi * (n + 0.5) * (k + 0.5) / half) * math.sqrt(2 / half)
    one = torch.eye(half).double()
    mirror = one.flip(0)
    sums = torch.cat([torch.cat([one, mirror], 1), torch.cat([mirror, -one], 1)]) / math.sqrt(2)
    return sums @ torch.block_diag(one, mirror @ c4.T @ c2 @ mirror) @ sums


def _across(x, matrix, visible):
    """`matrix` on the samples around every border of the last axis where all of these are visible."""
    block = len(matrix)
    half = block // 2
    blocks = (visible + half) // block
    if blocks < 2:
        return x
    end = blocks * block - half
    inner = x[..., half:end].unflatten(-1, (blocks - 1, block)) @ matrix
    return torch.cat([x[..., :half], inner.flatten(-2), x[..., end:]], -1)


def _both(x, matrix, visible):
    height, width = visible or x.shape[-2:]
    own = matrix.to(x.dtype).to(x.device)
    return _across(_across(x, own, width).transpose(-1, -2), own, height).transpose(-1, -2)


def lap(x, block, visible=None):
    """Planes [..., h, w], sides multiples of `block`, for a block transform to analyse.

    visible: (height, width) of what is not padding, all by default; borders closer to that are left alone.
    """
    return _both(x, lapping_matrix(block), visible)


def unlap(x, block, visible=None):
    """What undoes `lap`: planes that a block transform has synthesised."""
    return _both(x, lapping_matrix(block).T, visible)
