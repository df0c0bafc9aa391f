"""A weights file back into a `Codec` to train on from: what ships is a checkpoint without its optimiser.

Float16 and integers stand for the floats that they were rounded from, and units that the file does not
hold (of hidden layers, whose ReLU lets them be chosen) are chosen so that weights are of a size to
train. The codec computes what the file's does but for these roundings.
"""

import json
import math

import numpy as np
import torch

from . import safetensors
from .fixed_point import OUTPUT_BITS, head_from_tensors
from .frame import random_alignment
from .initialise import plane_spread
from .integer_context import LINEAR_UNIT, UNIT, IntegerContext, input_units, output_units
from .networks import Codec
from .tables import Tables
from .weights import codec_from_tensors

# Integers that stand for 1 in the context model's hidden layers: activations are then about one.
CONTEXT_UNIT, HIDDEN_UNIT = 128.0, 64.0


@torch.no_grad()
def restored(data, images):
    """(codec, metadata) of a weights file's bytes.

    images: grid name -> training images [n, bands, h, w] in 0..1, by whose spread the components that G sees
    are scaled while training.
    """
    tensors, metadata = safetensors.from_bytes(data)
    codec, shifts = codec_from_tensors(metadata["spec"], tensors), json.loads(metadata["shifts"])
    codec.requires_grad_(True).train()
    for kind in ("mean", "scale"):
        _restore_head(getattr(codec, f"hyper_{kind}"), head_from_tensors(f"hyper_{kind}", tensors, shifts[kind]))
    context = IntegerContext.from_tensors(tensors, shifts["context"], codec.spec.context.slices)
    _restore_context(codec.context, context)
    _restore_prior(codec, Tables.from_tensors("tables.z", tensors))
    _unfold(codec, images)
    return codec, metadata


def _restore_head(head, exact):
    """The floats of an integer hyper-synthesis; hidden activations are scaled by powers of two."""
    unit = 1.0
    for i, (name, layer) in enumerate(zip(("conv0", "conv1", "conv2"), exact.layers)):
        weight, bias = layer.weight / 2.0**layer.shift, layer.bias / 2.0**layer.shift
        last = i == len(exact.layers) - 1
        out_unit = 2.0**OUTPUT_BITS if last else _unit_for(weight * unit, layer.transposed)
        module = getattr(head, name)
        module.weight.copy_(weight * (unit / out_unit))
        module.bias.copy_(bias / out_unit)
        unit = out_unit


def _unit_for(weight, transposed):
    """The power of two that leaves weights about as large as He's start."""
    fan = weight[:, 0].numel() / 4 if transposed else weight[0].numel()
    return 2.0 ** round(math.log2(float(weight.square().mean().sqrt()) / math.sqrt(2 / fan)))


def _restore_context(model, exact):
    scale = 65536 * LINEAR_UNIT / (UNIT * exact.norm)
    model.scale.copy_(torch.from_numpy(scale))
    seen, latents = input_units(len(scale))
    units = {
        "in": (seen, CONTEXT_UNIT),
        "hidden": (np.concatenate([np.full(model.into.out_features, CONTEXT_UNIT), latents]), HIDDEN_UNIT),
        "out": (HIDDEN_UNIT, output_units(len(scale), model.index_factor)),
    }
    parts = zip((model.into.weight, model.hidden.weight, model.out), (model.into.bias, model.hidden.bias, model.out_bias))
    for (weight, bias), (name, (ins, outs)) in zip(parts, units.items()):
        layer = exact.layers[name]
        floats = layer.weight.T / 2.0**layer.shift * ins / np.reshape(outs, (-1, 1))
        weight.copy_(torch.from_numpy(floats))
        bias.copy_(torch.from_numpy(layer.bias / 2.0**layer.shift / outs))


def _restore_prior(codec, tables):
    """Logistic priors with the tables' means and variances."""
    targets, channels = codec.z_mean.shape
    for i in range(targets * channels):
        p = tables.probabilities(i)[:-1]
        values, p = np.arange(len(p)) + int(tables.min[i]), p / p.sum()
        mean = (values * p).sum()
        variance = ((values - mean) ** 2 * p).sum() - 1 / 12
        codec.z_mean[divmod(i, channels)] = mean
        codec.z_log_scale[divmod(i, channels)] = math.log(math.sqrt(3 * max(variance, 0.01)) / math.pi)


def _unfold(codec, images):
    """The inverse of `weights.folded`, but for E, which stands still where there is a bypass."""
    symbol = codec.context.scale
    codec.symbol_scale.copy_(symbol)
    codec.hyper_analysis.conv0.weight.mul_(symbol.view(1, -1, 1, 1))
    codec.hyper_mean.conv2.weight.div_(symbol.view(-1, 1, 1, 1))
    codec.hyper_mean.conv2.bias.div_(symbol)
    codec.index_scale = Codec.index_scale
    codec.hyper_scale.conv2.weight.div_(codec.index_scale)
    codec.hyper_scale.conv2.bias.div_(codec.index_scale)
    if codec.spec.bypass is not None:
        random = np.random.default_rng(5)
        c = [codec.frame.coordinates(codec.standardise(x)) for x in images(codec.spec.grid)]
        codec.plane_scale.copy_(plane_spread(codec, torch.stack([random_alignment(codec.frame, x, random) for x in c])))
        codec.generator.detail_planes.weight.mul_(codec.plane_scale.view(1, -1, 1, 1))
