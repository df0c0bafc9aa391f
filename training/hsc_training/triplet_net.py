"""TripletNet: a small perceptual distance of band triplets, taught by LPIPS; it ships with the app.

The shape of LPIPS (Zhang et al. 2018) on the first three stages of AlexNet, narrower: features of
length one at every position, a matrix in place of weights, squared differences, mean over positions,
sum. It is taught not LPIPS's distances but its features, and above all what a codec changes of them:
so its gradients point where those of LPIPS do, and who follows them finds other backbones content.
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
from .frame import Framed
from .grid import GRIDS
from .initialise import dct_basis
from .layers import conv
from .manifest import ship
from .objective import random_positions
from .perceptual import REPORTED_BY, TRAINED_BY, VIEWS, Lpips, distance_of, random_look, stretched, view_bands
from .train import Trainer

# Maps of the stages' convolutions; between the first two a convolution of one pixel narrows them.
WIDTHS, NARROW = (64, 128, 160), 48
# Maps of AlexNet's first stages.
TAUGHT = (64, 192, 384)
EPSILON = 1e-4
FORMAT = "hsc-triplet-net-2"
SIZE = 96
# Rounds of pairs that are learned from, and images in each.
ROUNDS, IMAGES = 170, 8
# Latents are moved by up to that share of a quantiser step before they are coded.
MOVED = 0.2
# Share of images that get further faults, and of batches whose distorted images go up to three steps along
# the network's own gradient: what is trained by a distance seeks where it is wrong.
FAULTY, FOLLOWED, LONGEST = 0.4, 0.5, 3


class TripletNet(nn.Module):
    """Distance [n] of images [n, 3, h, w] in 0..1, sides of 7 pixels at least; `rows`: of the matrices."""

    def __init__(self, widths=WIDTHS, narrow=NARROW, rows=None):
        super().__init__()
        first, second, third = widths
        # Positions lie as those of AlexNet's stages.
        self.conv0, self.narrow = nn.Conv2d(3, first, 9, 4, 1), conv(first, narrow, 1)
        self.conv1, self.conv2 = conv(narrow, second, 5), conv(second, third, 3)
        for layer in (self.conv0, self.narrow, self.conv1, self.conv2):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        for i, (width, count) in enumerate(zip(widths, rows or widths)):
            setattr(self, f"mix{i}", nn.Parameter(torch.randn(count, width) / width**0.5))

    @classmethod
    @torch.no_grad()
    def of_file(cls, data):
        """The network of a weights file's bytes."""
        tensors = safetensors.from_bytes(data)[0]
        net = cls([len(tensors[f"mix{i}"]) for i in range(3)], len(tensors["narrow.bias"]))
        own = lambda name: torch.from_numpy(tensors[name].astype(np.float64))
        for name, layer in net._layers():
            layer.weight.copy_(own(f"{name}.kernel").permute(3, 2, 0, 1))
            layer.bias.copy_(own(f"{name}.bias"))
        for i, mix in enumerate(net.mixes):
            mix.copy_(own(f"mix{i}"))
        return net

    @property
    def mixes(self):
        return [self.mix0, self.mix1, self.mix2]

    def _layers(self):
        return [(name, getattr(self, name)) for name in ("conv0", "narrow", "conv1", "conv2")]

    def features(self, x):
        """Features [n, rows, h, w] of each stage whose map has a pixel at all."""
        x = F.relu(self.conv0((x - 0.5) / 0.25))
        yield self._mixed(x, self.mix0)
        for i, layer in enumerate((lambda y: self.conv1(self.narrow(y)), self.conv2), 1):
            if min(x.shape[2:]) < 3:
                return
            x = F.relu(layer(F.max_pool2d(x, 3, 2)))
            yield self._mixed(x, self.mixes[i])

    def _mixed(self, x, mix):
        unit = x * (x.square().mean(1, keepdim=True) + EPSILON).rsqrt()
        return torch.einsum("rc,nchw->nrhw", mix, unit)

    def forward(self, a, b):
        return distance_of(self.features(torch.cat([a, b])))

    @torch.no_grad()
    def settle(self, scales):
        """Matrices times `scales`, made square: by their QR decomposition no distance changes."""
        for i, scale in enumerate(scales):
            setattr(self, f"mix{i}", nn.Parameter(torch.linalg.qr(self.mixes[i].detach() * scale)[1]))

    def tensors(self):
        """As the weights file holds them: kernels [kh, kw, in, out], biases, matrices [rows, maps]."""
        result = {f"mix{i}": mix for i, mix in enumerate(self.mixes)}
        for name, layer in self._layers():
            result[f"{name}.kernel"], result[f"{name}.bias"] = layer.weight.permute(2, 3, 1, 0), layer.bias
        return {name: np.ascontiguousarray(value.detach().numpy()).astype(np.float16) for name, value in result.items()}


@torch.no_grad()
def coded_pairs(codec, crops, rounds, views=None):
    """(originals, reconstructions), float16 [pairs, 3, h, w] in 0..1: the views and a random triplet of each image.

    Latents are moved a little at random, so that some symbols are not those that the encoder would choose.
    """
    random, batches, pairs = crops.random, Batches(crops), []
    views = views or [view_bands(GRIDS[codec.spec.grid], view) for view in VIEWS]
    for _ in range(rounds):
        clean = batches.batch(IMAGES)
        framed = Framed(codec, codec.standardise(clean), random)
        position = random_positions(IMAGES, len(codec.spec.target_rates))
        y = codec.analyse(framed.images)
        y = y + torch.randn_like(y) * MOVED * float(random.random()) / codec.gains(position)
        y_hat, _, _ = rate_of_latents(codec, y, position)
        made = codec.brightness(framed.restore(codec.synthesise(y_hat, position)))
        for own in (*views, sorted(random.choice(codec.spec.bands, 3, replace=False).tolist())):
            pairs.append([x.half() for x in stretched(clean[:, own], made[:, own])])
    first, second = zip(*pairs)
    return torch.cat(first), torch.cat(second)


class Faults:
    """What other codecs and instruments do to an image [1, 3, h, w] in 0..1, sides multiples of 8: one or two of these."""

    def __init__(self, random):
        self.random, self.dct = random, dct_basis(8)

    @torch.no_grad()
    def __call__(self, x):
        kinds = (self._blurred, self._noisy, self._quantised, self._shifted, self._coarse)
        for _ in range(int(self.random.integers(1, 3))):
            x = kinds[int(self.random.integers(len(kinds)))](x)
        return x.clamp(0, 1)

    def _blurred(self, x):
        sigma = float(self.random.uniform(0.4, 2.5))
        taps = torch.exp(-((torch.arange(9) - 4.0) ** 2) / (2 * sigma**2))
        kernel = (taps[:, None] * taps[None] / taps.sum() ** 2).expand(3, 1, 9, 9)
        return F.conv2d(F.pad(x, (4, 4, 4, 4), mode="reflect"), kernel, groups=3)

    def _noisy(self, x):
        noise = torch.randn_like(x) * float(self.random.uniform(0.01, 0.12))
        return x + (noise if self.random.random() < 0.5 else F.avg_pool2d(noise, 3, 1, 1) * 2)

    def _quantised(self, x):
        step = float(self.random.uniform(0.05, 0.8))
        kernel = self.dct.flatten(1)
        blocks = x.unfold(2, 8, 8).unfold(3, 8, 8).flatten(4)
        coefficients = torch.round(blocks @ kernel.T / step) * step
        n, c, h, w, _ = blocks.shape
        blocks = (coefficients @ kernel).view(n, c, h, w, 8, 8)
        return blocks.permute(0, 1, 2, 4, 3, 5).reshape(n, c, h * 8, w * 8)

    def _shifted(self, x):
        gain = torch.from_numpy(self.random.uniform(0.7, 1.3, (1, 3, 1, 1))).float()
        offset = torch.from_numpy(self.random.uniform(-0.1, 0.1, (1, 3, 1, 1))).float()
        return x * gain + offset

    def _coarse(self, x):
        factor = int(self.random.choice([2, 3, 4]))
        small = F.interpolate(x, scale_factor=1 / factor, mode="area")
        return F.interpolate(small, x.shape[2:], mode="bilinear", align_corners=False)


class Lesson:
    """What TripletNet learns of a teacher: its features, and how these change."""

    def __init__(self, net, teacher, images):
        self.net, self.teacher = net, teacher
        self.scales = [float(own.std()) for own in self._wanted(images)]
        self.offsets = nn.ParameterList(torch.zeros(count, 1, 1) for count in TAUGHT)

    @torch.no_grad()
    def _wanted(self, images):
        return [own for _, own in zip(TAUGHT, self.teacher.weighed(images))]

    def loss(self, a, b):
        """Sum over stages of 0.3 times the share of the features' variance and the share of their change that is missed."""
        x, total = torch.cat([a, b]), 0
        for found, wanted, scale, offset in zip(self.net.features(x), self._wanted(x), self.scales, self.offsets):
            wanted = wanted / scale
            missed = found + offset - wanted
            spread = (wanted - wanted.mean((0, 2, 3), keepdim=True)).square().mean()
            change = lambda own: (own[: len(a)] - own[len(a) :]).square().mean((1, 2, 3))
            total = total + 0.3 * missed.square().mean() / spread + (change(missed) / (change(wanted) + 0.02)).mean()
        return total


def along_gradient(net, a, b, length):
    """b after a step of `length` (its root mean square) along the gradient of their distance."""
    b = b.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(net(a, b).sum(), b)
    unit = slope.square().mean((1, 2, 3), keepdim=True).sqrt().clamp(min=1e-9)
    return (b - slope / unit * length).clamp(0, 1).detach()


def agreement(net, teachers, pairs, random, count=12):
    """Correlation of distances with each teacher, and cosine of their gradients, by pairs of images."""
    found, wanted, cosines = [], {name: [] for name in teachers}, {name: [] for name in teachers}
    for a, b in zip(*(own.float().split(count) for own in pairs)):
        look = random_look(random)
        a, b = look(a), look(b).requires_grad_(True)
        own = net(a, b)
        (slope,) = torch.autograd.grad(own.sum(), b)
        found.append(own.detach())
        for name, teacher in teachers.items():
            theirs = teacher(a, b)
            (other,) = torch.autograd.grad(theirs.sum(), b)
            wanted[name].append(theirs.detach())
            cosines[name].append(F.cosine_similarity(slope.flatten(1), other.flatten(1)))
    x = torch.cat(found).numpy()
    return {name: _agreement(x, torch.cat(own).numpy(), torch.cat(cosines[name])) for name, own in wanted.items()}


def _agreement(x, y, cosines):
    rank = lambda value: value.argsort().argsort()
    values = np.corrcoef(x, y)[0, 1], np.corrcoef(rank(x), rank(y))[0, 1], cosines.mean(), x.mean() / y.mean()
    names = ("pearson", "spearman", "cosine of gradients", "ratio of means")
    return dict(zip(names, (round(float(v), 4) for v in values)))


def taught(teacher, pairs, random, steps, batch, rate):
    """A TripletNet after `steps` of a cosine, its distances on the scale of the teacher's."""
    net = TripletNet(rows=TAUGHT)
    lesson, faults = Lesson(net, teacher, pairs[0][:64].float()), Faults(random)
    parameters = [*net.parameters(), *lesson.offsets]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * min(1, (step + 1) / 50) * max(0.02, (1 + np.cos(np.pi * step / steps)) / 2)
        chosen, look = torch.from_numpy(random.choice(len(pairs[0]), batch, replace=False)), random_look(random)
        a, b = (own[chosen].float() for own in pairs)
        b = torch.cat([faults(x[None]) if random.random() < FAULTY else x[None] for x in b])
        a, b = look(a), look(b)
        if random.random() < FOLLOWED:
            for _ in range(int(random.integers(1, LONGEST + 1))):
                b = along_gradient(net, a, b, float(random.uniform(0.003, 0.03)))
        value = lesson.loss(a, b)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        if step % 100 == 99:
            print(step + 1, round(float(value.detach()), 4), flush=True)
    net.settle(lesson.scales)
    return on_scale(net, teacher, [own[:256].float() for own in pairs])


@torch.no_grad()
def on_scale(net, teacher, pairs):
    """The network with its distances' mean over pairs that of the teacher: half-learned changes are small."""
    net.settle([float((teacher(*pairs).mean() / net(*pairs).mean()).sqrt())] * len(TAUGHT))
    return net


def main():
    parser = argparse.ArgumentParser(description="Train TripletNet and write it into the models folder.")
    parser.add_argument("codec", type=Path, help="checkpoint or weights of the GAN stage, whose reconstructions are learned from")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=1e-3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    trainer = Trainer.load(arguments.codec)
    codec = trainer.codec.eval().requires_grad_(False)
    crops = crops_from({**trainer.options, "crop": SIZE}, 5)
    teachers = {name: Lpips(data_folder() / "lpips", name) for name in (TRAINED_BY, REPORTED_BY)}
    pairs = coded_pairs(codec, crops, ROUNDS)
    net = taught(teachers[TRAINED_BY], pairs, crops.random, arguments.steps, arguments.batch, arguments.lr)
    report = agreement(net, teachers, coded_pairs(codec, held_back_crops("vnir-128", 0.5), 12), crops.random)
    data = safetensors.to_bytes(net.tensors(), {"format": FORMAT, "agreement": json.dumps(report)})
    print(json.dumps({**ship("perceptual", "triplet-net.safetensors", data, {"id": "triplet-net"}), **report}))


if __name__ == "__main__":
    main()
