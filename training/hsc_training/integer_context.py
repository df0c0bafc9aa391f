"""Integer context model: what the range coder depends on beside the hyper-syntheses, exact.

All numbers are integers held as float64, whose sums stay below 2^53. docs/bitstream.md, section 8.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from .context import INDEX_UNIT, NEIGHBOURS
from .fixed_point import HEADROOM, LIMIT
from .scales import SCALES

UNIT = 64
# Integers that stand for 1: a latent of typical size, the root of a latent of one step, a mean's
# correction by one typical size. The rate enters as 64 r.
LINEAR_UNIT, ROOT_UNIT, MEAN_UNIT = 512.0, 32.0, 1024.0
RATE_FACTOR = 64
POSITION_UNIT = 60.0 * RATE_FACTOR
PARTS = ("in", "hidden", "out")


@dataclass
class IntegerMatrix:
    """weight [inputs, outputs] and bias [outputs] as float64 that hold integers; shift."""

    weight: np.ndarray
    bias: np.ndarray
    shift: int

    def __call__(self, a, low, high):
        sums = a @ self.weight + self.bias
        return np.clip(np.floor((sums + 2.0 ** (self.shift - 1)) / 2.0**self.shift), low, high)

    def part(self, inputs, outputs):
        return IntegerMatrix(self.weight[inputs][:, outputs], self.bias[outputs], self.shift)


@dataclass
class IntegerContext:
    """norm, gain [C]; the layers `in`, `hidden`, `out`; slices of the channels."""

    norm: np.ndarray
    gain: np.ndarray
    layers: dict
    slices: int

    def __post_init__(self):
        c, starts = len(self.norm), [s * len(self.norm) // self.slices for s in range(self.slices + 1)]
        width, hidden = self.layers["hidden"].weight.shape
        width, own = width - 2 * c, hidden // self.slices
        self._slices = []
        for s, (a, b) in enumerate(zip(starts, starts[1:])):
            seen = np.r_[0:width, width : width + a, width + c : width + c + a]
            layer = self.layers["hidden"].part(seen, np.arange(s * own, (s + 1) * own))
            out = self.layers["out"].part(np.arange(own), np.r_[a:b, c + a : c + b])
            self._slices.append((a, b, layer, out))

    def _normalised(self, v):
        return np.clip(np.floor(v * self.norm / 65536), -LIMIT, LIMIT)

    def code(self, s, mean, scale, r, choose=None):
        """(q, means, indices) of scaled latents s [n, h, w, C] at stored rates r [n].

        mean and scale: the hyper-syntheses' integers [n, h, w, C]; means out are in 1/64 steps.
        choose: symbols of (residuals, scale indices [n, c], slice of the channels); without it
        the nearest.
        """
        choose = choose or (lambda residual, index, part: np.floor(residual + 0.5))
        n, h, w, c = s.shape
        q, means, indices = (np.zeros(s.shape) for _ in range(3))
        linear, root = (np.zeros((n, h + 1, w + 2, c)) for _ in range(2))
        rate = RATE_FACTOR * np.asarray(r, np.float64)[:, None]
        for y, x in np.ndindex(h, w):
            near = [part[:, y + 1 + dy, x + 1 + dx] for dy, dx in NEIGHBOURS for part in (linear, root)]
            m, i = mean[:, y, x].astype(np.float64), scale[:, y, x].astype(np.float64)
            a = self.layers["in"](np.concatenate([*near, self._normalised(m), i, rate], 1), 0, LIMIT)
            own_linear, own_root = linear[:, y + 1, x + 1], root[:, y + 1, x + 1]
            for start, end, hidden, out in self._slices:
                b = hidden(np.concatenate([a, own_linear[:, :start], own_root[:, :start]], 1), 0, LIMIT)
                change = out(b, -LIMIT, LIMIT)
                part, size = np.s_[start:end], end - start
                mu = np.floor(change[:, :size] * self.gain[part] / 65536) + m[:, part]
                mu = np.clip(mu, -LIMIT, LIMIT)
                index = np.clip(np.floor((i[:, part] + change[:, size:] + UNIT / 2) / UNIT), 0, SCALES - 1)
                symbols = choose(s[:, y, x, part] - mu / UNIT, index, part)
                v = UNIT * symbols + mu
                own_linear[:, part] = np.clip(np.floor(v * self.norm[part] / 65536), -LIMIT, LIMIT)
                own_root[:, part] = np.floor(np.sqrt(16 * np.abs(v)))
                q[:, y, x, part], means[:, y, x, part], indices[:, y, x, part] = symbols, mu, index
        return q, means, indices

    def tensors(self):
        """Tensors of the file."""
        own = {"context.norm": self.norm.astype(np.int32), "context.gain": self.gain.astype(np.int32)}
        for name, layer in self.layers.items():
            own[f"context.{name}.weight"] = layer.weight.astype(np.int16)
            own[f"context.{name}.bias"] = layer.bias.astype(np.int32)
        return own

    @property
    def shifts(self):
        return [self.layers[part].shift for part in PARTS]

    @staticmethod
    def from_tensors(tensors, shifts, slices):
        layers = {}
        for part, shift in zip(PARTS, shifts):
            weight, bias = (tensors[f"context.{part}.{k}"].astype(np.float64) for k in ("weight", "bias"))
            layers[part] = IntegerMatrix(weight, bias, shift)
        norm, gain = (tensors[f"context.{k}"].astype(np.float64) for k in ("norm", "gain"))
        return IntegerContext(norm, gain, layers, slices)


@torch.no_grad()
def quantise_context(model, spec, largest_context, largest_hidden):
    """Integer form of a `ContextModel`; the largest activations seen on training data bound its units."""
    c, scale = spec.latent_channels, model.scale.double().numpy()
    norm = np.clip(np.round(65536 * LINEAR_UNIT / (UNIT * scale)), 1, 2**24)
    gain = np.clip(np.round(65536 * UNIT * scale / MEAN_UNIT), 0, 2**24)
    inputs, latents = input_units(c)
    context_unit, hidden_unit = (_unit(largest) for largest in (largest_context, largest_hidden))
    outputs = output_units(c, model.index_factor)
    hidden_in = np.concatenate([np.full(spec.context.width, context_unit), latents])
    numpy = lambda value: value.detach().double().numpy()
    layers = {
        "in": _matrix(numpy(model.into.weight).T, numpy(model.into.bias), inputs, context_unit),
        "hidden": _matrix(numpy(model.masked_hidden()).T, numpy(model.hidden.bias), hidden_in, hidden_unit),
        "out": _matrix(numpy(model.out).T, numpy(model.out_bias), hidden_unit, outputs),
    }
    return IntegerContext(norm, gain, layers, spec.context.slices)


def input_units(c):
    """Integers that stand for 1 in the inputs of the first layer, and in those of the second beside the
    context: the latents of the position itself."""
    latents = np.concatenate([np.full(c, LINEAR_UNIT), np.full(c, ROOT_UNIT)])
    hyper = np.concatenate([np.full(c, LINEAR_UNIT), np.full(c, UNIT * INDEX_UNIT)])
    return np.concatenate([*[latents] * len(NEIGHBOURS), hyper, [POSITION_UNIT]]), latents


def output_units(c, index_factor):
    """Integers that stand for 1 in what the last layer gives."""
    return np.concatenate([np.full(c, MEAN_UNIT), np.full(c, UNIT * index_factor)])


def _unit(largest):
    return 2.0 ** min(14, math.floor(math.log2(LIMIT / (HEADROOM * max(largest, 1e-3)))))


def _matrix(weight, bias, input_unit, output_unit):
    """Integers of weight [inputs, outputs] between activations of these units."""
    units = np.broadcast_to(output_unit, bias.shape)
    weight = weight / np.reshape(np.broadcast_to(input_unit, weight.shape[0]), (-1, 1)) * units
    bias = bias * units
    shift = math.floor(math.log2(LIMIT / max(np.abs(weight).max(), 1e-9)))
    shift = min(shift, math.floor(math.log2((2**31 - 1) / max(np.abs(bias).max(), 1e-9))), 40)
    if shift < 1:
        raise ValueError("the context model's weights leave no bits to shift out")
    return IntegerMatrix(np.round(weight * 2.0**shift), np.round(bias * 2.0**shift), shift)
