"""Spectral frame: the mean and leading axes of one image, side information of its file.

An image's own spectra rarely vary along the axes of the training set. With c = E (x - m0) the
coordinates of a standardised spectrum on K fixed orthonormal axes, the networks see
x + E^T (R (c - d) - c): d is the image's mean, R rotates its principal axes onto the fixed ones.
R is orthonormal, so squared errors are the same before and after. docs/bitstream.md, section 3.
"""

import numpy as np
import torch

from hsc_decoder.frame import RHO, pivots

from .scales import LOG_STEP, SCALE_MIN, SCALES

# Coarsest steps of mean and first axis; later axes matter less the less varies along them.
MEAN_STEP, AXIS_STEP, LARGEST_STEP = 0.6, 0.12, 0.35
SMALLEST_SPREAD = 0.05
NO_FRAME_SHARE = 0.05


class FrameModel:
    """`basis` E [K, bands], `mean` m0 [bands] (standardised), `step` [N + 1], `index` [N + 1, K]."""

    def __init__(self, basis, mean, step=None, index=None):
        self.basis, self.mean, self.step, self.index = basis, mean, step, index

    @property
    def rows(self):
        return len(self.step) - 1

    def coordinates(self, x):
        """Standardised image [bands, h, w] -> c [K, h, w]."""
        return torch.einsum("kb,bhw->khw", self.basis, x - self.mean[:, None, None])

    def move(self, x, c, moved):
        """x [bands, h, w] with its coordinates c replaced by others."""
        return x + torch.einsum("kb,khw->bhw", self.basis, moved - c)

    def steps_of(self, precision):
        return self.step[: len(precision)] * RHO ** -np.asarray(precision, dtype=np.float64)


def rotation(rows):
    """R [K, K] of rows [k, K] as the decoder has it, by QR: a training step takes many of these."""
    rows = np.asarray(rows, dtype=np.float64)
    k, size = rows.shape
    own = _gram_schmidt(rows)
    axes = pivots(own)
    rest = [j for j in range(size) if j not in axes]
    whole = _gram_schmidt(np.concatenate([own, np.eye(size)[rest]]))
    result = np.zeros((size, size))
    result[axes + rest] = whole
    return result


def _gram_schmidt(rows):
    """Rows made orthonormal in order; the same as Gram-Schmidt, by QR."""
    q, r = np.linalg.qr(rows.T)
    return (q * np.sign(np.diag(r))).T


def principal_rows(c, count):
    """(mean [K], leading axes [count, K], eigenvalues) of coordinates c [K, h, w]; pivots positive."""
    flat = c.reshape(len(c), -1).double().numpy()
    mean = flat.mean(1)
    centred = flat - mean[:, None]
    values, vectors = np.linalg.eigh(centred @ centred.T / flat.shape[1])
    rows = vectors.T[::-1][:count]
    signs = [1 if row[a] > 0 else -1 for row, a in zip(rows, pivots(rows))]
    return mean, rows * np.array(signs)[:, None], values[::-1][:count]


def quantised(model, mean, rows, precision):
    """Mean and rows as a file would hold them at a precision for each of the 1 + k."""
    steps = model.steps_of(precision)
    both = np.concatenate([mean[None], rows]) / steps[:, None]
    both = np.round(both) * steps[:, None]
    return both[0], both[1:]


def aligned(c, mean, rows):
    """R (c - d) of coordinates c [K, h, w]; without rows R is the identity."""
    return moved(c, mean, rotation(rows) if len(rows) else np.eye(len(c)))


def moved(c, shift, matrix):
    """R (c - d) of coordinates c [K, h, w], shift d [K] and rotation R [K, K]."""
    flat = c.reshape(len(c), -1) - torch.from_numpy(shift).float()[:, None]
    return (torch.from_numpy(matrix).float() @ flat).reshape(c.shape)


def random_frame(model, c, random):
    """(d [K], R [K, K]) of coordinates c [K, h, w], like those that files of all rates hold."""
    if random.random() < NO_FRAME_SHARE:
        return np.zeros(len(c)), np.eye(len(c))
    k = int(random.integers(0, model.rows + 1))
    mean, rows, _ = principal_rows(c, k)
    mean, rows = quantised(model, mean, rows, random.integers(1, 6, k + 1))
    return mean, rotation(rows) if k else np.eye(len(c))


def random_alignment(model, c, random):
    """Coordinates c [K, h, w] in a random frame."""
    return moved(c, *random_frame(model, c, random))


def fit(basis, mean, coordinates, rows):
    """The frame model whose steps and probabilities fit training images' coordinates [K, h, w]."""
    found = [principal_rows(c, rows) for c in coordinates]
    values = np.exp(np.mean([np.log(np.maximum(v, 1e-6)) for _, _, v in found], axis=0))
    axis_steps = np.minimum(LARGEST_STEP, AXIS_STEP * np.sqrt(values[0] / values))
    step = np.concatenate([[MEAN_STEP], axis_steps])
    spread = np.stack([np.concatenate([m[None], r]) for m, r, _ in found])
    sigma = np.maximum(np.sqrt((spread**2).mean(0)), SMALLEST_SPREAD * step[:, None])
    index = np.log(sigma / step[:, None] / SCALE_MIN) / LOG_STEP
    return FrameModel(basis, mean, step, np.clip(np.round(index), 0, SCALES - 1).astype(np.uint8))


class Framed:
    """Standardised images [n, bands, h, w] in random frames, and the way back out of these.

    Frames are made on the CPU; `images` and what `restore` takes lie on the codec's device.
    """

    def __init__(self, codec, images, random):
        self.codec, self.frame = codec, codec.frame
        coordinates = [self.frame.coordinates(x) for x in images]
        frames = [random_frame(self.frame, c, random) for c in coordinates]
        pairs = zip(images, coordinates, frames)
        own = lambda parts: torch.stack(list(parts)).to(codec.device)
        self.images = own(self.frame.move(x, c, moved(c, *frame)) for x, c, frame in pairs)
        self.shift = own(torch.from_numpy(d).float() for d, _ in frames)
        self.matrix = own(torch.from_numpy(r).float() for _, r in frames)

    def restore(self, x):
        """Aligned x [n, bands, h, w] out of the frames."""
        return out_of_frames(self.codec, x, self.matrix, self.shift)


def out_of_frames(codec, x, matrix, shift):
    """Aligned x [n, bands, h, w] out of frames R [n, K, K], d [n, K]."""
    basis = codec.frame_basis
    c = torch.einsum("kb,nbhw->nkhw", basis, x - codec.frame_mean[:, None, None])
    back = torch.einsum("njk,njhw->nkhw", matrix, c) + shift[:, :, None, None]
    return x + torch.einsum("kb,nkhw->nbhw", basis, back - c)
