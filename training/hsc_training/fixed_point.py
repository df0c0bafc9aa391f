"""Integer hyper-synthesis: what the range decoder depends on, exact on every machine.

Layer: acc = sum W * a + B with W int16, |a| <= 32767, B int32, out = floor((acc + 2^(shift-1)) /
2^shift). Hidden layers clamp to 0..32767, which is their ReLU. The mean head's output is in 1/64
of a quantiser step, the scale head's in 1/64 of a scale index.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

LIMIT = 32767
OUTPUT_BITS = 6
# Hidden activations may exceed the largest seen on training data by this factor before they clip.
HEADROOM = 4.0


@dataclass
class IntegerLayer:
    """`weight` in PyTorch layout and `bias`, as float64 tensors that hold integers, and the shift."""

    weight: torch.Tensor
    bias: torch.Tensor
    shift: int
    transposed: bool

    def accumulate(self, a):
        if self.transposed:
            return F.conv_transpose2d(a, self.weight, self.bias, 2, 2, 1)
        return F.conv2d(a, self.weight, self.bias, 1, 1)

    def __call__(self, a):
        return torch.floor((self.accumulate(a) + 2.0 ** (self.shift - 1)) / 2.0**self.shift)


@dataclass
class IntegerHead:
    """Three layers; `__call__` maps integer z [n, c, h, w] to integer outputs, cropped."""

    layers: list

    def __call__(self, z, height, width):
        a = z.double().clamp(-LIMIT, LIMIT)
        for layer in self.layers[:-1]:
            a = layer(a).clamp(0, LIMIT)
        return self.layers[-1](a)[:, :, :height, :width].clamp(-LIMIT, LIMIT)


@torch.no_grad()
def quantise_head(head, z):
    """Integer form of a folded float hyper-synthesis; z: rounded training hyper-latents [n,c,h,w]."""
    layers, a, bits = [], z.double(), 0
    for i, name in enumerate(("conv0", "conv1", "conv2")):
        source = getattr(head, name)
        weight, bias = source.weight.double(), source.bias.double()
        out = IntegerLayer(weight, bias, 0, i < 2).accumulate(a)
        if i < 2:
            a = F.relu(out)
            out_bits = math.floor(math.log2(LIMIT / (HEADROOM * max(float(a.max()), 1e-3))))
            out_bits = min(out_bits, 14)
        else:
            out_bits = OUTPUT_BITS
        layers.append(_quantise_layer(weight, bias, bits, out_bits, i < 2))
        bits = out_bits
    return IntegerHead(layers)


def _quantise_layer(weight, bias, in_bits, out_bits, transposed):
    weight_bits = math.floor(math.log2(LIMIT / max(float(weight.abs().max()), 1e-6)))
    largest_bias = max(float(bias.abs().max()), 1e-6)
    weight_bits = min(weight_bits, math.floor(math.log2((2**31 - 1) / largest_bias)) - in_bits, 24)
    shift = weight_bits + in_bits - out_bits
    if shift < 1:
        raise ValueError(f"hyper-synthesis weights of magnitude {float(weight.abs().max())} leave no bits to shift out")
    return IntegerLayer(
        torch.round(weight * 2.0**weight_bits), torch.round(bias * 2.0 ** (weight_bits + in_bits)), shift, transposed
    )


def head_tensors(prefix, head):
    """Tensors of the file: weight int16 [kh, kw, out, in] or [kh, kw, in, out], bias int32."""
    tensors = {}
    for i, layer in enumerate(head.layers):
        tensors[f"{prefix}.conv{i}.weight"] = layer.weight.permute(2, 3, 1, 0).numpy().astype(np.int16)
        tensors[f"{prefix}.conv{i}.bias"] = layer.bias.numpy().astype(np.int32)
    return tensors


def head_from_tensors(prefix, tensors, shifts):
    layers = []
    for i, shift in enumerate(shifts):
        weight = torch.from_numpy(tensors[f"{prefix}.conv{i}.weight"].astype(np.float64)).permute(3, 2, 0, 1)
        bias = torch.from_numpy(tensors[f"{prefix}.conv{i}.bias"].astype(np.float64))
        layers.append(IntegerLayer(weight.contiguous(), bias, shift, i < 2))
    return IntegerHead(layers)
