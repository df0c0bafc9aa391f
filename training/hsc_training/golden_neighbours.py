"""Golden files for `src/nn/neighbours`: a tiny one of each network, an image, its latents and what is made of them."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from . import safetensors
from .data import PACKAGE_ROOT
from .fixed_point import head_from_tensors
from .golden import randomised
from .hyperprior import TINY as TINY_HYPERPRIOR
from .hyperprior import MEAN, STD, Hyperprior
from .hyperprior_export import integer_scales
from .hyperprior_export import to_file as hyperprior_file
from .neighbour_export import to_file
from .neighbours import NETWORKS, TINY, neighbour

GOLDEN = PACKAGE_ROOT.parent / "src" / "nn" / "neighbours" / "golden"
BANDS, HEIGHT, WIDTH = 16, 16, 24
SEED = 91
POSITION = 1.5


@torch.no_grad()
def tiny(name):
    """A network with nothing at its start value, neither statistics nor steps."""
    net = randomised(neighbour(name, TINY, BANDS), SEED)
    g = torch.Generator().manual_seed(SEED + 1)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm3d):
            module.weight.add_(1)
            module.running_mean.normal_(0, 0.3, generator=g)
            module.running_var.uniform_(0.5, 2, generator=g)
    net.spread.uniform_(0.2, 1, generator=g)
    return net


def _last(x):
    """[n, channels, h, w] as an array with the channels last."""
    return np.ascontiguousarray(x.permute(0, 2, 3, 1).numpy())


@torch.no_grad()
def files():
    """The golden files' bytes by their names."""
    image = torch.rand(1, BANDS, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(SEED + 2))
    made = {}
    for name in NETWORKS:
        net = tiny(name)
        latents = net.analyse(image)
        rounded = (latents / net.steps).round() * net.steps
        io = {"image": image, "latents": latents, "rounded": rounded, "decoded": net.synthesise(rounded)}
        made[f"tiny-{name}"] = to_file(net, name, {"steps": 0}, half=False)
        made[f"tiny-{name}-io"] = safetensors.to_bytes({key: _last(value) for key, value in io.items()})
    return made | hyperprior_files()


@torch.no_grad()
def hyperprior_files():
    """As `files`, of the hyperprior: hyper-latents and scales too, all at the rate position `POSITION`."""
    net = randomised(Hyperprior(TINY_HYPERPRIOR), SEED)
    # Several hyper-latents and scales, not zeros and the least.
    net.hyper_analysis.conv2.weight.mul_(6)
    net.hyper_scale.conv2.bias.add_(2)
    image = torch.rand(1, BANDS, 32, 80, generator=torch.Generator().manual_seed(SEED + 3))
    groups = net.groups(image)
    data, _ = hyperprior_file(net, groups, {"steps": 0}, half=False)
    y, gains = net.encoder(groups), net.gains(torch.tensor([POSITION]))
    z = net.hyper_encode(y * gains)
    whole, (tensors, metadata) = (z + 0.5).floor(), safetensors.from_bytes(data)
    head = head_from_tensors("hyper_scale", tensors, json.loads(metadata["shifts"]))
    index = integer_scales(head, whole, *y.shape[2:])
    rounded = (y * gains + 0.5).floor() / gains
    joined = lambda parts: parts.reshape(1, -1, *parts.shape[2:])
    io = {"image": image, "latents": joined(y), "rounded": joined(rounded), "hyper_latents": z}
    io["decoded"] = joined(net.decoder(rounded) * STD + MEAN)
    io = {key: _last(value) for key, value in io.items()} | {"scales": _last(torch.from_numpy(index.astype(np.int32)))}
    return {"tiny-hyperprior": data, "tiny-hyperprior-io": safetensors.to_bytes(io)}


def main():
    parser = argparse.ArgumentParser(description="Write the golden files of the neighbours.")
    parser.add_argument("--out", type=Path, default=GOLDEN)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, data in files().items():
        (folder / f"{name}.safetensors").write_bytes(data)


if __name__ == "__main__":
    main()
