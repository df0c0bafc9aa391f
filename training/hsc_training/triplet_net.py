"""TripletNet: a small perceptual distance of band triplets, taught by LPIPS; it ships with the app.

The shape of LPIPS (Zhang et al. 2018): features of a few convolutions, normalised at every
position, squared differences, weights that are not negative, mean over positions, sum. Unlike
LPIPS's backbones it has seen nothing but spectral images.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from . import safetensors
from .data import Batches, crops_from, data_folder, held_back_crops
from .entropy import rate_of_latents
from .initialise import dct_basis
from .layers import conv
from .manifest import ship
from .objective import random_positions
from .perceptual import TRAINED_BY, TRUE_COLOUR, Lpips, stretched, view_bands
from .grid import VNIR_128
from .train import Trainer

WIDTHS = (24, 40, 64, 64)
STRIDES = (2, 2, 2, 1)
EPSILON = 1e-6
FORMAT = "hsc-triplet-net-1"
SIZE = 96


class TripletNet(nn.Module):
    """Distance [n] of images [n, 3, h, w] in 0..1."""

    def __init__(self):
        super().__init__()
        channels = (3, *WIDTHS)
        for i, stride in enumerate(STRIDES):
            setattr(self, f"conv{i}", conv(channels[i], channels[i + 1], 3, stride))
            setattr(self, f"head{i}", nn.Parameter(torch.full((channels[i + 1],), -2.0)))

    @classmethod
    @torch.no_grad()
    def of_file(cls, data):
        """The network of a weights file's bytes."""
        tensors, net = safetensors.from_bytes(data)[0], cls()
        own = lambda name: torch.from_numpy(tensors[name].astype(np.float64))
        for i in range(len(STRIDES)):
            layer = getattr(net, f"conv{i}")
            layer.weight.copy_(own(f"conv{i}.kernel").permute(3, 2, 0, 1))
            layer.bias.copy_(own(f"conv{i}.bias"))
            getattr(net, f"head{i}").copy_(own(f"head{i}").expm1().log())
        return net

    def heads(self):
        """Weights of the squared differences, not negative, one vector a stage."""
        return [F.softplus(getattr(self, f"head{i}")) for i in range(len(STRIDES))]

    def forward(self, a, b):
        x, total = torch.cat([a, b]) - 0.5, 0
        for i, head in enumerate(self.heads()):
            x = F.relu(getattr(self, f"conv{i}")(x))
            unit = x * (x.square().sum(1, keepdim=True) + EPSILON).rsqrt()
            difference = (unit[: len(a)] - unit[len(a) :]).square()
            total = total + torch.einsum("nchw,c->n", difference, head) / (difference.shape[2] * difference.shape[3])
        return total

    def tensors(self):
        """As the weights file holds them: kernels [kh, kw, in, out] and heads."""
        result = {}
        for i, head in enumerate(self.heads()):
            layer = getattr(self, f"conv{i}")
            result[f"conv{i}.kernel"] = layer.weight.permute(2, 3, 1, 0)
            result[f"conv{i}.bias"], result[f"head{i}"] = layer.bias, head
        return {name: np.ascontiguousarray(value.detach().numpy()).astype(np.float16) for name, value in result.items()}


class Pairs:
    """Pairs of stretched band triplets: original, and what codecs and other faults make of it."""

    def __init__(self, crops, codec):
        self.crops, self.batches, self.codec = crops, Batches(crops), codec
        self.dct, self.bands = dct_basis(8), view_bands(VNIR_128, TRUE_COLOUR)

    @torch.no_grad()
    def batch(self, size):
        """(original, distorted), each [size, 3, h, w] in 0..1."""
        random, clean = self.crops.random, self.batches.batch(size)
        coded = self._coded(clean)
        pairs = []
        for original, decoded in zip(clean, coded):
            true_colour = random.random() < 0.4
            bands = self.bands if true_colour else sorted(random.choice(len(clean[0]), 3, replace=False))
            a = original[None, bands]
            b = decoded[None, bands] if random.random() < 0.5 else a
            a, b = stretched(a, b)
            pairs.append((a, self._distorted(b) if random.random() < 0.6 else b))
        first, second = zip(*pairs)
        return torch.cat(first), torch.cat(second)

    def _coded(self, clean):
        """Images [n, bands, h, w] after the codec at random rates."""
        codec = self.codec
        x = codec.standardise(clean)
        position = random_positions(len(x), len(codec.spec.target_rates))
        y = codec.widened(codec.bypass_analysis(x))
        y_hat, _, _ = rate_of_latents(codec, y, position)
        made = codec.bypass_synthesis(codec.correct(y_hat, position)[1])
        return made * codec.spec.input.std + codec.spec.input.mean

    def _distorted(self, x):
        kinds = (self._blurred, self._noisy, self._quantised, self._shifted, self._coarse)
        for _ in range(int(self.crops.random.integers(1, 3))):
            x = kinds[int(self.crops.random.integers(len(kinds)))](x)
        return x.clamp(0, 1)

    def _blurred(self, x):
        sigma = float(self.crops.random.uniform(0.4, 2.5))
        taps = torch.exp(-((torch.arange(9) - 4.0) ** 2) / (2 * sigma**2))
        kernel = (taps[:, None] * taps[None] / taps.sum() ** 2).expand(3, 1, 9, 9)
        return F.conv2d(F.pad(x, (4, 4, 4, 4), mode="reflect"), kernel, groups=3)

    def _noisy(self, x):
        noise = torch.randn_like(x) * float(self.crops.random.uniform(0.01, 0.12))
        return x + (noise if self.crops.random.random() < 0.5 else F.avg_pool2d(noise, 3, 1, 1) * 2)

    def _quantised(self, x):
        step = float(self.crops.random.uniform(0.05, 0.8))
        kernel = self.dct.flatten(1)
        blocks = x.unfold(2, 8, 8).unfold(3, 8, 8).flatten(4)
        coefficients = torch.round(blocks @ kernel.T / step) * step
        n, c, h, w, _ = blocks.shape
        blocks = (coefficients @ kernel).view(n, c, h, w, 8, 8)
        return blocks.permute(0, 1, 2, 4, 3, 5).reshape(n, c, h * 8, w * 8)

    def _shifted(self, x):
        gain = torch.from_numpy(self.crops.random.uniform(0.7, 1.3, (1, 3, 1, 1))).float()
        offset = torch.from_numpy(self.crops.random.uniform(-0.1, 0.1, (1, 3, 1, 1))).float()
        return x * gain + offset

    def _coarse(self, x):
        factor = int(self.crops.random.choice([2, 3, 4]))
        small = F.interpolate(x, scale_factor=1 / factor, mode="area")
        return F.interpolate(small, x.shape[2:], mode="bilinear", align_corners=False)


def _loss(found, wanted):
    """Squared relative error, tempered for distances near zero."""
    return ((found - wanted) / (wanted + 0.05)).square().mean()


@torch.no_grad()
def agreement(net, teachers, pairs, batches=12, size=16):
    """Pearson and rank correlation and mean relative error with each teacher on held-back images."""
    found, wanted = [], {name: [] for name in teachers}
    for _ in range(batches):
        a, b = pairs.batch(size)
        found.append(net(a, b))
        for name, teacher in teachers.items():
            wanted[name].append(teacher(a, b))
    x = torch.cat(found).numpy()
    return {name: _correlations(x, torch.cat(own).numpy()) for name, own in wanted.items()}


def _correlations(x, y):
    rank = lambda value: value.argsort().argsort()
    error = np.abs(x - y) / (y + 0.05)
    values = np.corrcoef(x, y)[0, 1], np.corrcoef(rank(x), rank(y))[0, 1], error.mean()
    return dict(zip(("pearson", "spearman", "relative error"), (round(float(v), 4) for v in values)))


def main():
    parser = argparse.ArgumentParser(description="Train TripletNet and write it into the models folder.")
    parser.add_argument("codec", type=Path, help="checkpoint whose reconstructions are among the pairs")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--lr", type=float, default=1e-3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    trainer = Trainer.load(arguments.codec)
    folder = data_folder()
    teachers = {name: Lpips(folder / "lpips", name) for name in ("alex", "squeeze")}
    pairs = Pairs(crops_from({**trainer.options, "crop": SIZE}, 5), trainer.codec)
    held_back = held_back_crops("vnir-128", 0.5)
    net = TripletNet()
    optimiser = torch.optim.Adam(net.parameters(), lr=arguments.lr)
    for step in range(arguments.steps):
        optimiser.param_groups[0]["lr"] = arguments.lr * (1 - step / arguments.steps) + 1e-6
        a, b = pairs.batch(arguments.batch)
        with torch.no_grad():
            wanted = teachers[TRAINED_BY](a, b)
        value = _loss(net(a, b), wanted)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        optimiser.step()
        if step % 100 == 99:
            print(step + 1, round(float(value.detach()), 4), flush=True)
        if step % 500 == 499:
            print(agreement(net, teachers, Pairs(held_back, trainer.codec), 4), flush=True)
    report = agreement(net, teachers, Pairs(held_back, trainer.codec))
    data = safetensors.to_bytes(net.tensors(), {"format": FORMAT, "agreement": json.dumps(report)})
    print(json.dumps({**ship("perceptual", "triplet-net.safetensors", data, {"id": "triplet-net"}), **report}))


if __name__ == "__main__":
    main()
