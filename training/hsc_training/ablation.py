"""The paper's ablation (Table II): where SE blocks and 3-D convolutions stand, trained side by side.

Networks as the paper has them, E and G without a linear bypass, at the widths of the shipped ones, all from the same
start on the same crops at one Lagrange multiplier. What the studio does in the browser (`src/training/ablation.ts`).
"""

import argparse
import json
import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from .entropy import rate_of_latents
from .finetune import RegionCrops
from .grid import grid_wavelengths
from .initialise import near_zero, relu_start, start_statistics
from .networks import Codec, parameter_count
from .objective import attention_penalty, lambdas_at, loss
from .spec import ArchitectureSpec, ContextSpec, Conv3dSpec, SqueezeExcitationSpec

WIDTHS, LATENTS, RESIDUAL_BLOCKS, HYPER_FILTERS = (48, 64, 96, 128, 144), 192, 3, 64
CONV_3D = {"filters": 3, "kernel": 7, "stride": 4}
# Quantiser steps that latents spread over at the start.
STEPS = 3.0
RATE, GRADIENT_LIMIT = 1e-3, 1.0


def _se(*placements):
    return {"name": "hific-se", "se": SqueezeExcitationSpec(placements)}


def _3d(placement):
    return {"name": "hific-3d", "conv3d": Conv3dSpec(placement, **CONV_3D)}


# Rows of Table II after one without either.
PLACEMENTS = {
    "plain": {"name": "hific-opt"},
    "se-input": _se("input"),
    "se-encoder": _se("input", "encoder"),
    "se-both": _se("input", "encoder", "generator"),
    "3d-ends": _3d("ends"),
    "3d-all": _3d("all"),
}


def placed(base, placement):
    """A network without bypass and frame, with the blocks of a placement."""
    return replace(base, **PLACEMENTS[placement])


def ablation_spec(grid, placement):
    """The network of a placement on a named grid; latents divide by the depth of 3-D stacks."""
    bands = len(grid_wavelengths(grid))
    depth = bands // CONV_3D["stride"]
    base = ArchitectureSpec(
        "", "ablation", grid, bands, WIDTHS, 3, 3, depth * max(1, round(LATENTS / depth)), RESIDUAL_BLOCKS,
        HYPER_FILTERS, ContextSpec(1, 8, 8),
    )
    return placed(base, placement)


@torch.no_grad()
def started(spec, x, seed):
    """A codec that starts near the mean spectrum, with latents of standardised images x over `STEPS` steps."""
    torch.manual_seed(seed)
    codec = Codec(spec)
    near_zero(codec.generator.out)
    relu_start(codec.hyper_analysis, codec.hyper_mean, codec.hyper_scale)
    out = codec.encoder.out
    # 3-D stacks have one bias for all depths of a filter.
    y = codec.encoder(x).unflatten(1, (-1, len(out.bias))).permute(2, 0, 1, 3, 4).flatten(1)
    out.weight.div_(y.std(1).clamp(min=1e-3).view(-1, 1, 1, 1))
    out.bias.sub_(y.mean(1)).div_(y.std(1).clamp(min=1e-3))
    codec.log_gains.fill_(math.log(STEPS))
    codec.symbol_scale.fill_(STEPS)
    codec.context.scale.fill_(STEPS)
    start_statistics(codec, codec.encoder(x))
    return codec


def bit_loss(codec, bpp, distortion, position):
    """The objective of the fidelity stage with l1 on SE layers."""
    return loss(lambdas_at(codec.spec.lambdas, position), bpp, distortion) + attention_penalty(codec)


def passed(codec, x, position):
    """(bits per pixel [n], squared error a pixel [n], summed over bands) of standardised images x.

    Latents are rounded to the nearest: their errors do not add up as those of an orthogonal transform do.
    """
    y_hat, bpp, _ = rate_of_latents(codec, codec.analyse(x), position, 0.0)
    return bpp, (codec.synthesise(y_hat, position) - x).square().sum(1).mean((1, 2))


class Lane:
    """One placement's network and how it learns."""

    def __init__(self, placement, grid, x, seed, rate, steps):
        self.placement, self.rate, self.steps, self.step, self.seconds = placement, rate, steps, 0, []
        self.codec = started(ablation_spec(grid, placement), x, seed)
        self.optimiser = torch.optim.Adam(self.codec.parameters(), lr=rate)
        self.position = float(len(self.codec.spec.target_rates) - 1)

    def train_step(self, x):
        began, left = time.perf_counter(), 1 - self.step / self.steps
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * min(1, (self.step + 1) / 10) * min(1, 0.02 + 1.96 * left)
        position = torch.full((len(x),), self.position)
        bpp, distortion = passed(self.codec, x, position)
        self.optimiser.zero_grad(set_to_none=True)
        bit_loss(self.codec, bpp, distortion, position).backward()
        torch.nn.utils.clip_grad_norm_(self.codec.parameters(), GRADIENT_LIMIT)
        self.optimiser.step()
        self.step += 1
        self.seconds.append(time.perf_counter() - began)

    @torch.no_grad()
    def check(self, x):
        """(PSNR in dB, bpp) of standardised images, latents rounded, bits as the probability model estimates them."""
        bpp, distortion = passed(self.codec, x, torch.full((len(x),), self.position))
        spec = self.codec.spec
        return -10 * math.log10(float(distortion.mean()) * spec.input.variance / spec.bands), float(bpp.mean())


def main():
    parser = argparse.ArgumentParser(description="Train the placements of Table II side by side on one region.")
    parser.add_argument("region", type=Path, help="training pixels: .npy [height, width, bands], 0..1 on the grid")
    parser.add_argument("held_back", type=Path, help="pixels to validate on, likewise")
    parser.add_argument("--grid", default="vnir-128")
    parser.add_argument("--placements", default=",".join(PLACEMENTS))
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--crop", type=int, default=64)
    parser.add_argument("--lr", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check-every", type=int, default=100)
    a = parser.parse_args()
    region, held_back = (torch.from_numpy(np.load(path)).float().permute(2, 0, 1) for path in (a.region, a.held_back))
    crops = RegionCrops(region, a.crop, a.seed)
    spec = ablation_spec(a.grid, "plain")
    standardised = lambda x: (x - spec.input.mean) / spec.input.std
    draw = lambda n: standardised(torch.stack([gain * crop for crop, gain in (crops.crop_and_gain() for _ in range(n))]))
    first = draw(8)
    lanes = [Lane(name, a.grid, first, a.seed, a.lr, a.steps) for name in a.placements.split(",")]
    height, width = (side // 16 * 16 for side in held_back.shape[1:])
    checked = standardised(held_back[:, :height, :width])[None]
    for step in range(1, a.steps + 1):
        x = draw(a.batch)
        for lane in lanes:
            torch.manual_seed(a.seed * 1_000_003 + step)
            lane.train_step(x)
        if step % a.check_every == 0 or step == a.steps:
            for lane in lanes:
                psnr, bpp = lane.check(checked)
                rate = 1 / float(np.median(lane.seconds))
                row = {"placement": lane.placement, "step": step, "psnr": round(psnr, 3), "bpp": round(bpp, 4)}
                print(json.dumps({**row, "stepsPerSecond": round(rate, 3), "parameters": parameter_count(lane.codec)}), flush=True)


if __name__ == "__main__":
    main()
