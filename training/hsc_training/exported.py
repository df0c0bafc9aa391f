"""The model as shipped: float16-rounded E and G, integer hyper-syntheses and context model, CDF tables."""

import json
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from . import safetensors
from .export import FORMAT, POSITION_STEPS
from .fixed_point import LIMIT, head_from_tensors
from .integer_context import IntegerContext
from .networks import DOWNSAMPLING
from .tables import Tables
from .weights import codec_from_tensors

MEAN_UNIT = 64.0


@dataclass
class Encoded:
    """Everything between E and G for one image: y, s, z, zq torch, the integers numpy; [1, C, h, w]."""

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
        if self.metadata.get("format") != FORMAT:
            raise ValueError(f"not a weights file of format {FORMAT}")
        self.codec = codec_from_tensors(self.metadata["spec"], tensors)
        self.spec = self.codec.spec
        shifts = json.loads(self.metadata["shifts"])
        self.mean_head = head_from_tensors("hyper_mean", tensors, shifts["mean"])
        self.scale_head = head_from_tensors("hyper_scale", tensors, shifts["scale"])
        self.context = IntegerContext.from_tensors(tensors, shifts["context"], self.spec.context.slices)
        self.y_tables = Tables.from_tensors("tables.y", tensors)
        self.z_tables = Tables.from_tensors("tables.z", tensors)

    def gains(self, r):
        """Gains [1, latents, 1, 1] at stored rate r = 0..60 * (targets - 1)."""
        return self.codec.gains(torch.tensor([r / POSITION_STEPS]))

    @torch.no_grad()
    def encode(self, x, r):
        """Encodes a standardised, aligned image [bands, h, w] on the grid at stored rate r."""
        y = self.codec.analyse(pad_to_multiple(x[None], DOWNSAMPLING), x.shape[1:])
        s = y * self.gains(r)
        z = self.codec.hyper_encode(s)
        zq = torch.floor(z + 0.5).clamp(-LIMIT, LIMIT)
        last = lambda value: value.permute(0, 2, 3, 1).numpy()
        hyper = (last(head(zq, *s.shape[2:])) for head in (self.mean_head, self.scale_head))
        coded = self.context.code(last(s), *hyper, [r])
        q, mean, index = (torch.from_numpy(part).permute(0, 3, 1, 2) for part in coded)
        channels = zq.shape[1]
        z_index = int(r / POSITION_STEPS + 0.5) * channels + np.arange(channels)[:, None, None]
        z_index = np.broadcast_to(z_index, zq.shape[1:])
        z_bits = float(self.z_tables.bits(zq[0].numpy(), z_index).sum())
        y_bits = float(self.y_tables.bits(q.numpy(), index.numpy()).sum())
        return Encoded(y, s, z, zq, mean.float() / MEAN_UNIT, index.long(), q.float(), y_bits, z_bits)

    @torch.no_grad()
    def decode(self, q, mean, r, height, width):
        """Standardised reconstruction [bands, height, width], still in its frame."""
        y = (q + mean) / self.gains(r)
        position = torch.tensor([r / POSITION_STEPS])
        return self.codec.synthesise(y, position, (height, width))[0, :, :height, :width]


def pad_to_multiple(x, multiple):
    """Edge replication at the bottom and right to sides that are multiples."""
    height, width = x.shape[2:]
    return F.pad(x, (0, -width % multiple, 0, -height % multiple), mode="replicate")
