"""Trains the probability model and the gains alone, on latents of the linear bypass.

The bypass is orthonormal at the start, so errors in the latents are errors in the image, and
neither E's nor G's conv stack is needed: a step costs a hundredth of a full one, and the full
training starts with rates near their targets.
"""

import math

import torch

from .entropy import rate_of_latents
from .networks import DOWNSAMPLING

TRAINED = ("hyper_", "z_", "log_gains")


@torch.no_grad()
def linear_latents(codec, batches, count, part=16):
    """Latents [count, latents, h, w] of random training images, by the bypass alone."""
    return torch.cat([codec.bypass_analysis(codec.standardise(batches.batch(part))) for _ in range(count // part)])


def warm_start(codec, control, y, steps=2500, batch=16, rate=1.5e-3):
    """Moves the hyperprior, z's priors and the gains of `codec`, and `control`'s lambdas.

    y [n, latents, h, w]: latents of training images, all of them from the bypass.
    """
    parameters = [p for name, p in codec.named_parameters() if name.startswith(TRAINED)]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
        own = y[torch.randint(len(y), (batch,))]
        target = torch.randint(len(codec.spec.target_rates), (batch,))
        y_hat, bpp, z_bpp = rate_of_latents(codec, own, target)
        distortion = (y_hat - own).square().sum(1).mean((1, 2)) / DOWNSAMPLING**2
        optimiser.zero_grad(set_to_none=True)
        control.loss(bpp, distortion, target).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        control.update(bpp.detach(), target)
        if step % 250 == 249:
            rates = [round(float(bpp.detach()[target == k].mean()), 3) for k in range(len(codec.spec.target_rates))]
            print(f"warm start {step + 1}: bpp {rates}, of z {float(z_bpp.detach().mean()):.4f}", flush=True)
