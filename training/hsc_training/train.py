"""Fidelity stage: trains one codec for five target rates at once; resumable.

One random target rate per sample; loss and control of the rates in `rate_control.py`.
"""

import argparse
import json
import math
import os
import time
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import torch

from .branch import branch, fit_ends
from .data import POOL_SIZE, Batches, data_folder, pool_path, training_cubes
from .entropy import rate_and_reconstruction
from .initialise import initialise
from .networks import Codec
from .rate_control import RateControl
from .spec import ArchitectureSpec, preset
from .warm_start import linear_latents, warm_start

WARMUP = 50
GRADIENT_LIMIT = 1.0
ATTENTION_L1 = 1e-6
OPTIONS = ("lr", "lr_end", "schedule", "steps", "crop", "batch", "real_share", "seed")
# Factors on the learning rate: the bypass starts as a working transform, the priors far off.
RATE_FACTORS = (("bypass_", 0.1), ("z_", 4.0), ("hyper_", 0.8), ("log_gains", 3.0))


class Trainer:
    """One run: model, optimiser, lambdas, random state; everything a checkpoint needs."""

    def __init__(self, codec, options):
        self.codec, self.options, self.step, self.total_steps = codec, options, 0, 0
        self.history = []
        self.control = RateControl(codec.spec.target_rates)
        groups = {}
        for name, parameter in codec.named_parameters():
            factor = next((f for prefix, f in RATE_FACTORS if name.startswith(prefix)), 1.0)
            groups.setdefault(factor, []).append(parameter)
        self.optimiser = torch.optim.Adam(
            [{"params": p, "factor": f} for f, p in groups.items()], lr=options["lr"], eps=1e-8
        )

    def learning_rate(self):
        o = self.options
        warm = min(1.0, (self.step + 1) / WARMUP)
        if o["schedule"] == "constant":
            return o["lr"] * warm
        done = min(1.0, self.step / max(1, o["steps"]))
        return warm * (o["lr_end"] + (o["lr"] - o["lr_end"]) * (1 + math.cos(math.pi * done)) / 2)

    def train_step(self, x):
        """One optimiser step on x [n, bands, h, w]; returns per-sample (target, bpp, z bpp, mse)."""
        rate = self.learning_rate()
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["factor"]
        target = torch.randint(len(self.codec.spec.target_rates), (len(x),))
        x_hat, bpp, z_bpp = rate_and_reconstruction(self.codec, x, target)
        mse = (x_hat - x).square().mean((1, 2, 3))
        distortion = mse * x.shape[1] / self.codec.spec.input.std**2
        loss = self.control.loss(bpp, distortion, target)
        loss = loss + ATTENTION_L1 * sum(w.abs().sum() for w in self.codec.attention_weights())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.codec.parameters(), GRADIENT_LIMIT)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"gradient is not finite at step {self.step}")
        self.optimiser.step()
        bpp = bpp.detach()
        self.control.update(bpp, target)
        self.step += 1
        self.total_steps += 1
        return target, bpp, z_bpp.detach(), mse.detach(), float(norm)

    def save(self, path):
        """Writes a checkpoint atomically."""
        state = {
            "spec": self.codec.spec.to_json(), "options": self.options, "step": self.step,
            "total_steps": self.total_steps, "history": self.history, "codec": self.codec.state_dict(),
            "optimiser": self.optimiser.state_dict(), "control": self.control.state(),
            "torch_random": torch.get_rng_state(),
        }
        temporary = Path(f"{path}.part")
        torch.save(state, temporary)
        os.replace(temporary, path)

    @staticmethod
    def load(path, options=None):
        """The run of a checkpoint; with `options` a new stage starts from its weights."""
        state = torch.load(path, weights_only=True)
        codec = Codec(ArchitectureSpec.from_json(state["spec"]))
        codec.load_state_dict(state["codec"])
        trainer = Trainer(codec, options or state["options"])
        trainer.control.load(state["control"])
        trainer.total_steps, trainer.history = state["total_steps"], state["history"]
        if options is None:
            trainer.step = state["step"]
            trainer.optimiser.load_state_dict(state["optimiser"])
            torch.set_rng_state(state["torch_random"])
        return trainer


@torch.no_grad()
def validate(codec, patches):
    """[bpp, PSNR] per target over fixed validation patches [n, bands, h, w]."""
    results = []
    for k in range(len(codec.spec.target_rates)):
        target = torch.full((len(patches),), k)
        x_hat, bpp, _ = rate_and_reconstruction(codec, patches, target)
        psnr = -10 * torch.log10((x_hat.clamp(0, 1) - patches).square().mean((1, 2, 3)))
        results.append([round(float(bpp.mean()), 4), round(float(psnr.mean()), 3)])
    return results


def batches_of(options, seed):
    """Random batches as a run's `options` ask for."""
    pool = np.load(pool_path("train"), mmap_mode="r")
    return Batches(pool, training_cubes(data_folder()), options["crop"], options["real_share"], seed)


def _start(arguments):
    """A trainer from a checkpoint of this run, from another run's (`--from`), or from scratch."""
    options = {name: getattr(arguments, name) for name in OPTIONS}
    checkpoint = arguments.run / "checkpoint.pt"
    if checkpoint.exists():
        return Trainer.load(checkpoint)
    if arguments.source:
        trainer = Trainer.load(arguments.source, options)
        trainer.history.append(f"{trainer.total_steps} steps as {trainer.codec.spec.name}")
        if arguments.variant == trainer.codec.spec.name:
            return trainer
        codec = branch(trainer.codec, arguments.variant)
        if codec.spec.conv3d is not None:
            fit_ends(codec, trainer.codec, batches_of(options, arguments.seed + 2))
        branched = Trainer(codec, options)
        branched.control, branched.total_steps, branched.history = trainer.control, trainer.total_steps, trainer.history
        return branched
    codec = Codec(preset("studio", arguments.variant))
    batches = batches_of({**options, "crop": 96}, arguments.seed + 1)
    initialise(codec, batches.batch(96))
    trainer = Trainer(codec, options)
    warm_start(codec, trainer.control, linear_latents(codec, batches, 1280))
    return trainer


def main():
    parser = argparse.ArgumentParser(description="Train a codec (fidelity stage). Runs again = resumes.")
    parser.add_argument("run", type=Path, help="folder of this run: checkpoint.pt, log.jsonl")
    parser.add_argument("--variant", default="hific-opt")
    parser.add_argument("--from", dest="source", type=Path, help="checkpoint to start from (branches to --variant)")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--lr", type=float, default=4e-4)
    parser.add_argument("--lr-end", type=float, default=1e-5)
    parser.add_argument("--schedule", choices=("constant", "cosine"), default="cosine")
    parser.add_argument("--crop", type=int, default=96)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--real-share", type=float, default=0.38)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-minutes", type=float, default=3)
    parser.add_argument("--validate-every", type=int, default=250)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    arguments.run.mkdir(parents=True, exist_ok=True)
    run(_start(arguments), arguments)


def run(trainer, arguments):
    """The loop: steps, log lines, validation, checkpoints; stops early where `stop` exists."""
    options, checkpoint = trainer.options, arguments.run / "checkpoint.pt"
    batches = batches_of(options, seed=options["seed"] + 1000 * trainer.total_steps)
    validation = torch.from_numpy(np.load(pool_path("validation"), mmap_mode="r")[:8].astype(np.float32) / 65535)
    validation = validation[:, :, : POOL_SIZE - 16, : POOL_SIZE - 16].contiguous()
    stop, window, saved, began = arguments.run / "stop", [], time.time(), time.time()
    with open(arguments.run / "log.jsonl", "a") as log:
        def write(entry):
            entry = {"time": datetime.now(timezone.utc).strftime("%H:%M:%S"), "step": trainer.step, **entry}
            log.write(json.dumps(entry) + "\n")
            log.flush()

        while trainer.step < options["steps"] and not stop.exists():
            if trainer.step % arguments.validate_every == 0:
                write({"validation": validate(trainer.codec, validation)})
                began = time.time()
            window.append(trainer.train_step(batches.batch(options["batch"])))
            if trainer.step % 25 == 0:
                write({**_summary(trainer, window), "seconds": round((time.time() - began), 1)})
                window, began = [], time.time()
            if time.time() - saved > 60 * arguments.checkpoint_minutes:
                trainer.save(checkpoint)
                saved = time.time()
        write({"validation": validate(trainer.codec, validation)})
    trainer.save(checkpoint)


def _summary(trainer, window):
    target, bpp, z_bpp, mse = (torch.cat([row[i] for row in window]) for i in range(4))
    per_target = []
    for k in range(len(trainer.control.log_lambda)):
        own = target == k
        psnr = -10 * torch.log10(mse[own])
        per_target.append([round(float(v.mean()), 3) for v in (bpp[own], psnr)])
    return {
        "targets": per_target, "z_bpp": round(float(z_bpp.mean()), 4),
        "lambda": [round(float(v), 3) for v in trainer.control.log_lambda.exp()],
        "gradient": round(float(np.mean([row[4] for row in window])), 3), "lr": trainer.learning_rate(),
    }


if __name__ == "__main__":
    main()
