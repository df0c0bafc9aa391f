"""The weights file of a neighbour (`neighbours.py`): hsc-autoencoder-1, read by `src/nn/neighbours`.

Convolutions are numbered in order within `encoder`, `decoder` and `head`, batch normalisation is
folded into them. Kernels are [kernel..., in, out], those of 2 x 2 transposed convolutions [1, 1, in, 4 out], their
four outputs row by row; `slope` is a PReLU's; `steps` are the latents' quantiser steps.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from . import safetensors
from .data import MODELS, Batches, crops_of
from .manifest import ship
from .neighbour_training import BATCHES, GRID, Run

FORMAT = "hsc-autoencoder-1"
PARTS = ("encoder", "decoder", "head")
# Steps are doubled while quantising costs less than this in PSNR on training images.
MOST_LOSS_DB = 0.1
IMAGES, SIDE = 24, 32
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose2d)


def tensors_of(net):
    """Every tensor of the file by its name, float32."""
    tensors = {"steps": net.steps.flatten()}
    for part in PARTS:
        for i, layer in enumerate(_layers(getattr(net, part))):
            tensors |= {f"{part}.{i}.{name}": value for name, value in layer.items()}
    return {name: np.ascontiguousarray(value.detach().numpy()) for name, value in tensors.items()}


def _layers(part):
    """Kernel, bias and, where there is one, slope of every convolution in order."""
    layers = []
    for module in part.modules():
        if isinstance(module, CONVOLUTIONS):
            layers.append({"kernel": _kernel(module), "bias": _bias(module)})
        elif isinstance(module, nn.BatchNorm3d):
            gain = module.weight * (module.running_var + module.eps).rsqrt()
            layers[-1] = {"kernel": layers[-1]["kernel"] * gain, "bias": module.bias - module.running_mean * gain}
        elif isinstance(module, nn.PReLU):
            layers[-1]["slope"] = module.weight
    return layers


def _bias(layer):
    return layer.bias if layer.bias is not None else torch.zeros(layer.out_channels)


def _kernel(layer):
    weight = layer.weight
    if isinstance(layer, nn.ConvTranspose2d):
        return weight.permute(0, 2, 3, 1).flatten(1)[None, None]
    if weight.ndim == 3:
        weight = weight[:, :, None]
    return weight.permute(*range(2, weight.ndim), 1, 0)


def coarsen(net, images):
    """Doubles the quantiser's steps as often as `MOST_LOSS_DB` allows; how often that was."""
    for doublings in range(8):
        net.spread.mul_(2)
        found = net.eval().validate(images)
        if found["unquantised"] - found["psnr"] > MOST_LOSS_DB:
            break
    net.spread.div_(2)
    return doublings


def to_file(net, name, training, half=True):
    """The file's bytes; `half`: parameters in float16."""
    tensors = tensors_of(net.eval())
    if half:
        tensors = {key: value if key == "steps" else value.astype(np.float16) for key, value in tensors.items()}
    metadata = {
        "format": FORMAT, "codec": name, "grid": GRID, "bands": str(net.bands),
        "widths": json.dumps(asdict(net.widths)), "training": json.dumps(training),
    }
    return safetensors.to_bytes(tensors, metadata)


def main():
    parser = argparse.ArgumentParser(description="Write a neighbour's weights into the models folder.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()
    run = Run.load(arguments.checkpoint)
    torch.set_num_threads(1)
    doublings = coarsen(run.net, Batches(crops_of(GRID, crop=SIDE, seed=5)).batch(IMAGES))
    images, crop = BATCHES[run.name]
    training = {
        "steps": run.step, "images": images, "crop": crop, "lr": run.lr, "seed": run.seed, "doublings": doublings,
    }
    fields = {"codec": run.name, "grid": GRID}
    data = to_file(run.net, run.name, training)
    print(json.dumps(ship("neighbours", f"{run.name}-{GRID}.safetensors", data, fields, arguments.out)))


if __name__ == "__main__":
    main()
