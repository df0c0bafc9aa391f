"""The model as shipped: float16-rounded E and G, integer hyper-syntheses, CDF tables."""

import json
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from . import safetensors
from .fixed_point import LIMIT, head_from_tensors
from .networks import DOWNSAMPLING
from .tables import Tables
from .weights import codec_from_tensors

POSITION_STEPS = 60
MEAN_UNIT = 64.0


@dataclass
class Encoded:
    """Everything between E and G for one image, tensors [1, channels, h, w]."""

    y: torch.Tensor
    s: torch.Tensor
    z: torch.Tensor
    zq: torch.Tensor
    mean: torch.Tensor
    index: torch.Tensor
    q: torch.Tensor
    y_bits: float
    z_bits: float


class ExportedModel:
    """Loads a weights file; `encode` and `decode` follow the file format's arithmetic."""

    def __init__(self, data):
        tensors, self.metadata = safetensors.from_bytes(data)
        if self.metadata.get("format") != "hsc-model-1":
            raise ValueError("not a weights file of format hsc-model-1")
        self.codec = codec_from_tensors(self.metadata["spec"], tensors)
        self.spec = self.codec.spec
        shifts = json.loads(self.metadata["shifts"])
        self.mean_head = head_from_tensors("hyper_mean", "mean", tensors, shifts["mean"])
        self.scale_head = head_from_tensors("hyper_scale", "scale", tensors, shifts["scale"])
        self.y_tables = Tables.from_tensors("tables.y", tensors)
        self.z_tables = Tables.from_tensors("tables.z", tensors)

    def gains(self, r):
        """Gains [1, latents, 1, 1] at stored rate r = 0..60 * (targets - 1)."""
        return self.codec.gains(torch.tensor([r / POSITION_STEPS]))

    @torch.no_grad()
    def encode(self, x, r):
        """Encodes a 0..1 image [bands, h, w] on the grid at stored rate r."""
        x = pad_to_multiple(x[None], DOWNSAMPLING)
        y = self.codec.analyse(x)
        s = y * self.gains(r)
        z = self.codec.hyper_encode(s)
        zq = torch.floor(z + 0.5).clamp(-LIMIT, LIMIT)
        mean, index = self.entropy_parameters(zq, *s.shape[2:])
        q = torch.floor(s - mean + 0.5)
        channels = zq.shape[1]
        z_index = int(r / POSITION_STEPS + 0.5) * channels + np.arange(channels)[:, None, None]
        z_index = np.broadcast_to(z_index, zq.shape[1:])
        z_bits = float(self.z_tables.bits(zq[0].numpy(), z_index).sum())
        y_bits = float(self.y_tables.bits(q.numpy(), index.numpy()).sum())
        return Encoded(y, s, z, zq, mean, index, q, y_bits, z_bits)

    def entropy_parameters(self, zq, height, width):
        """(means in quantiser steps, scale indices 0..63) [1, latents, height, width], exact."""
        mean = self.mean_head(zq, height, width) / MEAN_UNIT
        return mean.float(), self.scale_head(zq, height, width).long()

    @torch.no_grad()
    def decode(self, q, mean, r, height, width):
        """Reconstruction [bands, height, width], not clipped."""
        y = (q + mean) / self.gains(r)
        return self.codec.synthesise(y)[0, :, :height, :width]


def pad_to_multiple(x, multiple):
    """Edge replication at the bottom and right to sides that are multiples."""
    height, width = x.shape[2:]
    return F.pad(x, (0, -width % multiple, 0, -height % multiple), mode="replicate")
