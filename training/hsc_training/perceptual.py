"""LPIPS v0.1 (Zhang et al. 2018) of band triplets, for training and for reports.

The weights lie in the shared data (`lpips/alex.npz`, `lpips/squeeze.npz`) and do not ship. One
backbone trains, the other reports.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
# Centres in nm of the bands of a true-colour and of a colour-infrared view.
TRUE_COLOUR, COLOUR_INFRARED = (650.0, 550.0, 450.0), (860.0, 650.0, 550.0)
VIEWS = (TRUE_COLOUR, COLOUR_INFRARED)
# Percentiles of the original that a view stretches to 0 and 1.
STRETCH = (0.02, 0.98)
LEAST_CONTRAST = 0.01
TRAINED_BY, REPORTED_BY = "alex", "squeeze"
# How images are shown to LPIPS: enlarged by up to, shifted by under that many pixels.
ENLARGED, SHIFTED = (1.0, 2.0), 8


def distance_of(stages):
    """Distances [n] of images to others: squared differences of features [2 n, c, h, w] of both, means over positions, sum."""
    return sum((a - b).square().sum(1).mean((1, 2)) for a, b in (own.chunk(2) for own in stages))


class Lpips(nn.Module):
    """Distance [n] of images [n, 3, h, w] in 0..1 on `device`; `backbone`: `alex` or `squeeze`."""

    def __init__(self, folder, backbone, device="cpu"):
        super().__init__()
        self.stages = {"alex": self._alex, "squeeze": self._squeeze}[backbone]
        with np.load(folder / f"{backbone}.npz") as file:
            self.weights = {name: torch.from_numpy(file[name]).to(device) for name in file.files}
        self.heads = [self.weights[f"lin{i}.weight"] for i in range(len(self.weights)) if f"lin{i}.weight" in self.weights]

    def forward(self, a, b):
        return distance_of(self.weighed(torch.cat([a, b])))

    def weighed(self, images):
        """Features [n, c, h, w] of each stage, whose squared distances, means over positions, are the terms of LPIPS."""
        shift, scale = (torch.tensor(value, device=images.device).view(1, 3, 1, 1) for value in (SHIFT, SCALE))
        for features, head in zip(self.stages((images * 2 - 1 - shift) / scale), self.heads):
            unit = features / (features.square().sum(1, keepdim=True) + 1e-8).sqrt()
            yield unit * head.view(1, -1, 1, 1).sqrt()

    def _conv(self, x, name, **options):
        return F.relu(F.conv2d(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], **options))

    def _alex(self, x):
        x = self._conv(x, "features.0", stride=4, padding=2)
        yield x
        x = self._conv(F.max_pool2d(x, 3, 2), "features.3", padding=2)
        yield x
        x = F.max_pool2d(x, 3, 2)
        for layer in (6, 8, 10):
            x = self._conv(x, f"features.{layer}", padding=1)
            yield x

    def _squeeze(self, x):
        x = self._conv(x, "features.0", stride=2)
        yield x
        for fires in ((3, 4), (6, 7), (9,), (10,), (11,), (12,)):
            if fires[0] in (3, 6, 9):
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            for fire in fires:
                x = self._fire(x, f"features.{fire}")
            yield x

    def _fire(self, x, name):
        x = self._conv(x, f"{name}.squeeze")
        return torch.cat([self._conv(x, f"{name}.expand1x1"), self._conv(x, f"{name}.expand3x3", padding=1)], 1)


def view_bands(centres, view):
    """Indices of the bands nearest to a view's; centres of the grid and of the view in nm."""
    return [int(np.abs(np.asarray(centres) - own).argmin()) for own in view]


def stretched(original, *others):
    """Band triplets [n, 3, h, w], each band stretched by the original's percentiles and clipped."""
    flat = original.flatten(2)
    low, high = (torch.quantile(flat, share, 2)[:, :, None, None] for share in STRETCH)
    width = (high - low).clamp(min=LEAST_CONTRAST)
    return [((x - low) / width).clamp(0, 1) for x in (original, *others)]


@dataclass(frozen=True)
class Look:
    """How images [n, c, h, w] are shown: quarter turns, enlarged, rows and columns cut away, mirrored."""

    turn: int
    size: float
    top: int
    left: int
    mirrored: bool

    def __call__(self, x):
        x = torch.rot90(x, self.turn, (2, 3))
        x = x.flip(3) if self.mirrored else x
        x = F.interpolate(x, scale_factor=self.size, mode="bilinear", align_corners=False)
        return x[:, :, self.top :, self.left :]


def random_look(random):
    """The backbone's first convolution has a stride of four: seen from one place at one size, G learns what
    that one sees, and distances by another backbone stop falling."""
    turn, size = int(random.integers(4)), float(random.uniform(*ENLARGED))
    top, left = (int(n) for n in random.integers(SHIFTED, size=2))
    return Look(turn, size, top, left, bool(random.integers(2)))
