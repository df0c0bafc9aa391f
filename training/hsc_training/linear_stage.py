"""First stage: the linear bypass, the probability model and the gains, without the conv stacks.

The spectral axes are orthonormal, so errors in their coordinates are errors in the image, and a
step on coordinates costs a thirtieth of a full one. What comes out is a working codec.
"""

import json
import math
import time

import numpy as np
import torch

from .data import POOL_SIZE, CoordinateBatches
from .entropy import rate_of_latents
from .objective import lambdas_at, loss, random_positions

TRAINED = ("bypass_analysis.blocks", "bypass_synthesis.blocks", "hyper_", "z_", "log_gains", "context")
WARMUP = 100
GRADIENT_LIMIT = 1.0


def linear_pass(codec, c, position):
    """(squared error a pixel [n], bpp [n], z's bpp [n]) of aligned coordinates c [n, K, h, w]."""
    c = c[:, : codec.spec.bypass.components]
    y_hat, bpp, z_bpp = rate_of_latents(codec, codec.bypass_analysis.blocks.analyse(c), position)
    error = codec.bypass_synthesis.blocks.synthesise(y_hat) - c
    return error.square().sum(1).mean((1, 2)), bpp, z_bpp


def train_linear(codec, batches, steps, batch, rate, log, save):
    """Adam with a cosine; `batches`: CoordinateBatches. `log` takes a dict, `save` nothing."""
    parameters = [p for name, p in codec.named_parameters() if name.startswith(TRAINED)]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    targets, window, began = len(codec.spec.target_rates), [], time.time()
    for step in range(steps):
        now = rate * min(1, (step + 1) / WARMUP) * (0.005 + 0.995 * (1 + math.cos(math.pi * step / steps)) / 2)
        for group in optimiser.param_groups:
            group["lr"] = now
        position = random_positions(batch, targets)
        distortion, bpp, z_bpp = linear_pass(codec, batches.batch(batch), position)
        value = loss(lambdas_at(codec.spec.lambdas, position), bpp, distortion)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(parameters, GRADIENT_LIMIT)
        optimiser.step()
        window.append(float(value.detach()))
        if step % 100 == 99:
            log({"linear": step + 1, "loss": round(float(np.mean(window)), 4), "seconds": round(time.time() - began, 1)})
            window = []
        if step % 1000 == 999:
            log({"linear": step + 1, "validation": validate_linear(codec)})
            save()


@torch.no_grad()
def validate_linear(codec, patches=16):
    """[bpp, PSNR] per lambda over validation patches and cubes, each in a frame of four rows."""
    batches = CoordinateBatches.of(codec, "validation", POOL_SIZE - 16)
    c = torch.stack([batches.validation_patch(i) for i in range(patches)])
    results = []
    for k in range(len(codec.spec.target_rates)):
        distortion, bpp, _ = linear_pass(codec, c, torch.full((len(c),), float(k)))
        mse = distortion * codec.spec.input.std**2 / codec.spec.bands
        results.append([round(float(bpp.mean()), 4), round(float(-10 * mse.log10().mean()), 2)])
    return results
