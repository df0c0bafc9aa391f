"""The weights file of the hyperprior (`hyperprior.py`): hsc-hyperprior-1, read by `src/nn/neighbours/hyperprior`.

Floats in float16: `encoder.conv0.kernel` [5, 5, in, out] and `.bias`, `encoder.norm0.gamma` [in, out] and `.beta`,
likewise `decoder`, whose kernels are [5, 5, out, in]; `hyper_analysis`; `log_gains` [targets, latents]. Integers as in the
weights of HiFiC: `hyper_scale`, `tables.z`, `tables.y`.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch

from . import safetensors
from .data import MODELS, Batches, crops_of
from .entropy import conditional_bits
from .fixed_point import head_tensors, quantise_head
from .hyperprior import INDEX_SCALE, Gdn
from .manifest import ship
from .neighbour_training import BATCHES, GRID, Run
from .tables import conditional_tables, prior_tables
from .weights import to_file_layout

FORMAT = "hsc-hyperprior-1"
IMAGES, SIDE = 96, 96
# Integer outputs of the scale head are in so many parts of an index.
INDEX_PARTS = 64


def _part_tensors(name, part):
    """Convolutions and normalisations of `encoder` or `decoder`, numbered in order."""
    tensors, counts = {}, {"conv": 0, "norm": 0}
    for module in part:
        kind = "norm" if isinstance(module, Gdn) else "conv"
        own = f"{name}.{kind}{counts[kind]}"
        counts[kind] += 1
        if kind == "norm":
            tensors |= {f"{own}.gamma": module.gamma.T, f"{own}.beta": module.beta}
        else:
            tensors |= {f"{own}.kernel": to_file_layout(own, module.weight), f"{own}.bias": module.bias}
    return tensors


def float_tensors(net):
    """All that is neither integers nor tables, float32."""
    tensors = _part_tensors("encoder", net.encoder) | _part_tensors("decoder", net.decoder)
    for i in range(3):
        layer, name = getattr(net.hyper_analysis, f"conv{i}"), f"hyper_analysis.conv{i}"
        tensors |= {f"{name}.kernel": to_file_layout(name, layer.weight), f"{name}.bias": layer.bias}
    tensors["log_gains"] = net.log_gains
    return {name: np.ascontiguousarray(value.detach().numpy()) for name, value in tensors.items()}


@torch.no_grad()
def symbols_of(net, groups):
    """Scaled latents and rounded hyper-latents of images of groups at every rate: [targets, n, c, h, w] each."""
    y = torch.cat([net.encoder(part) for part in groups.split(32)])
    rates = torch.arange(float(len(net.spec.lambdas)))
    s = torch.stack([y * net.gains(rate[None]) for rate in rates])
    return s, torch.stack([(net.hyper_encode(own) + 0.5).floor() for own in s])


@torch.no_grad()
def integer_scales(head, z, height, width):
    """Scale indices 0 ... 63 of rounded hyper-latents, int64."""
    fine = head(z, height, width).numpy().astype(np.int64)
    return np.clip((fine + INDEX_PARTS // 2) // INDEX_PARTS, 0, 63)


@torch.no_grad()
def to_file(net, groups, training, half=True):
    """(the file's bytes, integer scales' cost in rate over float ones); `groups`: standardised training images."""
    net = net.eval()
    scaled = copy.deepcopy(net.hyper_scale)
    for parameter in (scaled.conv2.weight, scaled.conv2.bias):
        parameter.mul_(INDEX_SCALE)
    s, z = symbols_of(net, groups)
    head = quantise_head(scaled, z.flatten(0, 1))
    height, width = s.shape[-2:]
    q = (s + 0.5).floor().flatten(0, 1)
    index = integer_scales(head, z.flatten(0, 1), height, width)
    exact = conditional_bits(q, net.hyper_decode(z.flatten(0, 1), height, width)).sum()
    cost = float(conditional_bits(q, torch.from_numpy(index).float()).sum() / exact) - 1
    observed = z.permute(0, 2, 1, 3, 4).flatten(2).numpy().astype(np.int64)
    tensors = float_tensors(net)
    if half:
        tensors = {name: value.astype(np.float16) for name, value in tensors.items()}
    tensors |= head_tensors("hyper_scale", head)
    tensors |= conditional_tables(q.numpy().astype(np.int64).ravel(), index.ravel()).tensors("tables.y")
    tensors |= prior_tables(net.z_mean.numpy(), net.z_log_scale.numpy(), observed).tensors("tables.z")
    metadata = {
        "format": FORMAT, "grid": GRID, "spec": net.spec.to_json(), "training": json.dumps(training),
        "shifts": json.dumps([layer.shift for layer in head.layers]),
    }
    return safetensors.to_bytes(tensors, metadata), cost


def main():
    parser = argparse.ArgumentParser(description="Write the hyperprior's weights into the models folder.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    run = Run.load(arguments.checkpoint)
    images, crop = BATCHES[run.name]
    training = {"steps": run.step, "images": images, "crop": crop, "lr": run.lr, "seed": run.seed}
    groups = run.net.groups(Batches(crops_of(GRID, crop=SIDE, seed=5)).batch(IMAGES))
    data, cost = to_file(run.net, groups, training)
    fields = {"codec": run.name, "grid": GRID}
    entry = ship("neighbours", f"{run.name}-{GRID}.safetensors", data, fields, arguments.out)
    print(json.dumps({**entry, "integer rate over float": cost}))


if __name__ == "__main__":
    main()
