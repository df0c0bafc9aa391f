"""First stage: bypass, probability model, gains and G's trunk, all at the latents' resolution.

The spectral axes are orthonormal, so errors in their coordinates are errors in the image, and a
step on coordinates costs a tenth of a full one. What comes out is a working codec.
"""

import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch

from . import distributed
from .data import POOL_SIZE, CoordinateBatches
from .entropy import rate_of_latents
from .objective import attention_penalty, lambdas_at, loss, random_positions

TRUNK = tuple(f"generator.{part}" for part in ("norm_in", "se_in", "conv_in", "block", "correction"))
LINEAR = ("bypass_analysis.blocks", "bypass_synthesis.blocks", "hyper_", "z_", "log_gains", "context")
TRUNK_FACTOR = 0.5
WARMUP = 100
GRADIENT_LIMIT = 1.0


def latent_pass(codec, c, position):
    """(squared error a pixel [n], bpp [n], z's bpp [n]) of aligned coordinates c [n, K, h, w]."""
    c = codec.bypass_analysis.blocks.lap(c[:, : codec.spec.bypass.components])
    y = codec.widened(codec.bypass_analysis.blocks.analyse(c))
    y_hat, bpp, z_bpp = rate_of_latents(codec, y, position)
    error = codec.bypass_synthesis.blocks.synthesise(codec.correct(y_hat, position)[1]) - c
    return error.square().sum(1).mean((1, 2)), bpp, z_bpp


class LatentStage:
    """Adam with a cosine over `steps` steps; `batches`: CoordinateBatches."""

    def __init__(self, codec, batches, steps, batch, rate):
        self.codec, self.batches, self.steps, self.batch, self.rate, self.step = codec, batches, steps, batch, rate, 0
        chosen = lambda prefixes: [p for name, p in codec.named_parameters() if name.startswith(prefixes)]
        self.optimiser = torch.optim.Adam([
            {"params": chosen(LINEAR), "factor": 1.0}, {"params": chosen(TRUNK), "factor": TRUNK_FACTOR},
        ])
        self.parameters = [p for group in self.optimiser.param_groups for p in group["params"]]

    def train_step(self):
        """One step; returns the loss."""
        decay = 0.005 + 0.995 * (1 + math.cos(math.pi * self.step / self.steps)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * group["factor"] * min(1, (self.step + 1) / WARMUP) * decay
        position = random_positions(self.batch, len(self.codec.spec.target_rates), self.codec.device)
        distortion, bpp, _ = latent_pass(self.codec, self.batches.batch(self.batch).to(self.codec.device), position)
        value = loss(lambdas_at(self.codec.spec.lambdas, position), bpp, distortion)
        self.optimiser.zero_grad(set_to_none=True)
        (value + attention_penalty(self.codec)).backward()
        distributed.average_gradients(self.parameters)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, GRADIENT_LIMIT)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"gradient is not finite at step {self.step} of the latent stage")
        self.optimiser.step()
        self.step += 1
        return float(value.detach())

    def save(self, path):
        """Writes a checkpoint atomically; the first process alone does."""
        if distributed.rank():
            return
        state = {
            "step": self.step, "codec": self.codec.state_dict(), "optimiser": self.optimiser.state_dict(),
            "torch_random": torch.get_rng_state(), "random": json.dumps(self.batches.crops.random.bit_generator.state),
        }
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)

    def load(self, path):
        """Goes on where `save` left off."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.step = state["step"]
        self.codec.load_state_dict(state["codec"])
        self.optimiser.load_state_dict(state["optimiser"])
        if distributed.rank() == 0:
            torch.set_rng_state(state["torch_random"])
            self.batches.crops.random.bit_generator.state = json.loads(state["random"])


def train_latent_stage(stage, path, log, save_every=1000):
    """Runs or resumes a stage whose checkpoint is `path`; `log` takes a dict."""
    if Path(path).exists():
        stage.load(path)
    window, began = [], time.time()
    while stage.step < stage.steps:
        window.append(stage.train_step())
        if stage.step % 100 == 0:
            log({"latent": stage.step, "loss": round(float(np.mean(window)), 4), "seconds": round(time.time() - began, 1)})
            window = []
        if stage.step % save_every == 0 or stage.step == stage.steps:
            log({"latent": stage.step, "validation": validate_latents(stage.codec)})
            stage.save(path)


@torch.no_grad()
def validate_latents(codec, patches=16):
    """[bpp, PSNR] per lambda over validation patches and cubes, each in a frame of four rows."""
    batches = CoordinateBatches.of(codec, "validation", POOL_SIZE - 16)
    c = torch.stack([batches.validation_patch(i) for i in range(patches)]).to(codec.device)
    results = []
    for k in range(len(codec.spec.target_rates)):
        distortion, bpp, _ = latent_pass(codec, c, torch.full((len(c),), float(k), device=c.device))
        mse = distortion * codec.spec.input.variance / codec.spec.bands
        results.append([round(float(bpp.mean()), 4), round(float(-10 * mse.log10().mean()), 2)])
    return results
