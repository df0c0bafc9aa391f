"""Names and layouts of tensors in a weights file, to and from a `Codec`.

Convolution kernels [kh, kw, in, out], transposed kernels [kh, kw, out, in] (scatter), fully
connected [in, out]. `latent_scale`, `symbol_scale` and `index_scale` are folded into the kernels.
"""

import copy

import numpy as np
import torch

from .networks import Codec
from .spec import ArchitectureSpec

HYPER_HEADS = ("hyper_mean", "hyper_scale")
_RENAMED = (("bypass_analysis.", "bypass.analysis."), ("bypass_synthesis.", "bypass.synthesis."))


def file_name_of(parameter):
    """Name in the file of the parameter at this path of `Codec`, e.g. encoder.conv0.kernel."""
    for own, exported in _RENAMED:
        parameter = parameter.replace(own, exported)
    parameter = parameter.replace("conv0.conv.", "conv0.")
    return parameter[: -len("weight")] + "kernel" if parameter.endswith(".weight") else parameter


def to_file_layout(name, value):
    """A PyTorch parameter as the file holds it."""
    if value.ndim == 4:
        return value.permute(2, 3, 1, 0)
    return value.T if value.ndim == 2 and name != "log_gains" else value


def from_file_layout(name, array):
    """The inverse of `to_file_layout`, as float32."""
    value = torch.from_numpy(np.array(array, dtype=np.float32))
    if value.ndim == 4:
        return value.permute(3, 2, 0, 1).contiguous()
    return value.T.contiguous() if value.ndim == 2 and name != "log_gains" else value


@torch.no_grad()
def folded(codec):
    """A copy whose fixed scales are all one: the same function, plain kernels."""
    plain = copy.deepcopy(codec).eval()
    latent, symbol = codec.latent_scale, codec.symbol_scale
    plain.encoder.out.weight.mul_(latent.view(-1, 1, 1, 1))
    plain.encoder.out.bias.mul_(latent)
    plain.hyper_analysis.conv0.weight.div_(symbol.view(1, -1, 1, 1))
    plain.hyper_mean.conv2.weight.mul_(symbol.view(-1, 1, 1, 1))
    plain.hyper_mean.conv2.bias.mul_(symbol)
    plain.hyper_scale.conv2.weight.mul_(codec.index_scale)
    plain.hyper_scale.conv2.bias.mul_(codec.index_scale)
    plain.latent_scale.fill_(1)
    plain.symbol_scale.fill_(1)
    plain.index_scale = 1.0
    return plain


def float_tensors(plain):
    """float16 tensors of a folded codec: everything but the integer hyper-syntheses and z's prior."""
    tensors = {}
    for path, value in plain.named_parameters():
        if path.startswith((*HYPER_HEADS, "z_")):
            continue
        name = file_name_of(path)
        tensors[name] = to_file_layout(name, value.detach()).numpy().astype(np.float16)
        if not np.isfinite(tensors[name]).all():
            raise ValueError(f"{name} does not fit into float16")
    return tensors


@torch.no_grad()
def codec_from_tensors(spec_json, tensors):
    """A codec with E, G, gains and hyper-analysis of a weights file (hyper-syntheses left unset)."""
    codec = Codec(ArchitectureSpec.from_json(spec_json)).eval()
    codec.index_scale = 1.0
    for path, value in codec.named_parameters():
        if not path.startswith((*HYPER_HEADS, "z_")):
            name = file_name_of(path)
            value.copy_(from_file_layout(name, tensors[name]))
    return codec
