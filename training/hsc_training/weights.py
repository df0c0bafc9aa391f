"""Names and layouts of tensors in a weights file, to and from a `Codec`.

Convolution kernels [kh, kw, in, out], transposed kernels [kh, kw, out, in] (scatter), fully
connected [in, out]. `latent_scale`, `symbol_scale`, `plane_scale` and `index_scale` are folded into
the kernels.
"""

import copy
import math

import numpy as np
import torch

from .frame import FrameModel
from .networks import Codec
from .spec import ArchitectureSpec

# Of a whole codec, and of either half of the bypass on its own.
BLOCK_KERNELS = ("bypass.analysis.kernel", "bypass.synthesis.kernel", "kernel")
HYPER_HEADS = ("hyper_mean", "hyper_scale")
_RENAMED = (("bypass_analysis.", "bypass.analysis."), ("bypass_synthesis.", "bypass.synthesis."), ("blocks.", ""))
# What the file holds as integers, tables or not at all.
NOT_FLOAT = (*HYPER_HEADS, "z_", "context")


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
    if name in BLOCK_KERNELS:
        block = math.isqrt(value.shape[1])
        return value.T.reshape(block, block, -1)
    return value.T if value.ndim == 2 and name != "log_gains" else value


def from_file_layout(name, array):
    """The inverse of `to_file_layout`, as float32."""
    value = torch.from_numpy(np.array(array, dtype=np.float32))
    if value.ndim == 4:
        return value.permute(3, 2, 0, 1).contiguous()
    if name in BLOCK_KERNELS:
        return value.flatten(0, 1).T.contiguous()
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
    if codec.spec.bypass is not None:
        plain.generator.detail_planes.weight.div_(codec.plane_scale.view(1, -1, 1, 1))
        plain.plane_scale.fill_(1)
    plain.latent_scale.fill_(1)
    plain.symbol_scale.fill_(1)
    plain.index_scale = 1.0
    return plain


def float_tensors(plain):
    """float16 tensors of a folded codec: all that is not integers, tables or the frame."""
    tensors = {}
    for path, value in plain.named_parameters():
        if path.startswith(NOT_FLOAT):
            continue
        name = file_name_of(path)
        tensors[name] = to_file_layout(name, value.detach()).numpy().astype(np.float16)
        if not np.isfinite(tensors[name]).all():
            raise ValueError(f"{name} does not fit into float16")
    return tensors


@torch.no_grad()
def codec_from_tensors(spec_json, tensors):
    """A codec with E, G, gains, hyper-analysis and frame of a weights file (the rest unset)."""
    codec = Codec(ArchitectureSpec.from_json(spec_json)).eval()
    codec.index_scale = 1.0
    for path, value in codec.named_parameters():
        if not path.startswith(NOT_FLOAT):
            name = file_name_of(path)
            value.copy_(from_file_layout(name, tensors[name]))
    if codec.spec.frame is not None:
        basis, mean, step = (torch.from_numpy(tensors[f"frame.{k}"].astype(np.float32)) for k in ("basis", "mean", "step"))
        codec.set_frame(FrameModel(basis, mean, step.double().numpy(), tensors["frame.index"].copy()))
    return codec


def frame_tensors(codec):
    """Tensors of the spectral frame; none where the spec has no frame."""
    if codec.spec.frame is None:
        return {}
    own = {name: getattr(codec, f"frame_{name}").numpy() for name in ("basis", "mean", "step")}
    return {f"frame.{name}": value for name, value in own.items()} | {"frame.index": codec.frame.index}
