"""Fidelity stage: trains one codec for all rates at once; resumable.

One random rate position per sample; the loss is in `objective.py`. What works at the latents'
resolution is trained first and alone (`latent_stage.py`).
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

from . import distributed
from .branch import branch, fit_ends, regrid, visible_weights, weighted
from .data import Batches, CoordinateBatches, crops_from, data_folder, held_back_crops
from .entropy import rate_and_reconstruction
from .grid import GRIDS
from .initialise import initialise
from .klt import training_axes
from .latent_stage import TRUNK, LatentStage, train_latent_stage
from .networks import Codec
from .objective import attention_penalty, lambdas_at, loss, random_positions
from .restore import restored
from .spec import ArchitectureSpec, preset

WARMUP = 50
GRADIENT_LIMIT = 1.0
OPTIONS = ("lr", "lr_end", "schedule", "steps", "crop", "batch", "real_share", "seed")
# What a stage that has options of its own reads of these.
DEFAULTS = {"lr": 4e-4, "batch": 8, "crop": 96, "real_share": 0.38, "seed": 1}
# Training images whose components' spread sets `plane_scale` of a codec from a weights file.
UNFOLDED_BY = 96
WEIGHTED = "errors in visible bands weighted twice"
# Factors on the learning rate: what the latent stage trains comes trained.
RATE_FACTORS = (("bypass_", 0.1), *((part, 0.5) for part in ("hyper_", "context", *TRUNK)))


class Trainer:
    """One run: model, optimiser, lambdas, random state; everything a checkpoint needs."""

    def __init__(self, codec, options):
        self.codec, self.options, self.step, self.total_steps = codec, options, 0, 0
        self.history, self.stage = [], "fidelity"
        # Encoders fit latents to the image, whatever E's conv stack adds to the bypass' ones.
        codec.encoder.requires_grad_(codec.spec.bypass is None)
        groups = {}
        for name, parameter in codec.named_parameters():
            if not parameter.requires_grad:
                continue
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
        """One optimiser step on standardised x [n, bands, h, w]; per-sample (position, bpp, z bpp, mse)."""
        rate, spec = self.learning_rate(), self.codec.spec
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["factor"]
        position = random_positions(len(x), len(spec.target_rates), x.device)
        x_hat, bpp, z_bpp = rate_and_reconstruction(self.codec, x, position)
        distortion = (x_hat - x).square().sum(1).mean((1, 2))
        value = loss(lambdas_at(spec.lambdas, position), bpp, distortion) + attention_penalty(self.codec)
        self.optimiser.zero_grad(set_to_none=True)
        value.backward()
        distributed.average_gradients(self.codec.parameters())
        norm = torch.nn.utils.clip_grad_norm_(self.codec.parameters(), GRADIENT_LIMIT)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"gradient is not finite at step {self.step}")
        self.optimiser.step()
        self.step += 1
        self.total_steps += 1
        mse = distortion.detach() * spec.input.variance / spec.bands
        return position, bpp.detach(), z_bpp.detach(), mse, float(norm)

    def save(self, path):
        """Writes a checkpoint atomically; the first process alone does."""
        if distributed.rank():
            return
        state = {
            "spec": self.codec.spec.to_json(), "options": self.options, "step": self.step,
            "total_steps": self.total_steps, "history": self.history, "stage": self.stage, "codec": self.codec.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "torch_random": torch.get_rng_state(),
        }
        temporary = Path(f"{path}.part")
        torch.save(state, temporary)
        os.replace(temporary, path)

    @staticmethod
    def load(path, options=None, device="cpu"):
        """The run of a checkpoint; with `options` a new stage starts from its weights.

        Of a weights file (`models/*.safetensors`) a new stage starts whether or not options are given.
        """
        if Path(path).suffix == ".safetensors":
            return Trainer._of_weights(Path(path).read_bytes(), options or DEFAULTS, device)
        state = torch.load(path, map_location="cpu", weights_only=True)
        codec = Codec(ArchitectureSpec.from_json(state["spec"])).to(device)
        codec.load_state_dict(state["codec"])
        trainer = Trainer(codec, options or state["options"])
        trainer.total_steps, trainer.history = state["total_steps"], state["history"]
        trainer.stage = state.get("stage", "fidelity")
        if options is None:
            trainer.step = state["step"]
            trainer.optimiser.load_state_dict(state["optimiser"])
            torch.set_rng_state(state["torch_random"])
        return trainer

    @staticmethod
    def _of_weights(data, options, device):
        codec, metadata = restored(data, lambda grid: batches_of(options, 11, grid).batch(UNFOLDED_BY))
        trainer = Trainer(codec.to(device), options)
        training = json.loads(metadata["training"])
        trainer.total_steps, trainer.history, trainer.stage = training["steps"], training["history"], metadata["stage"]
        return trainer


@torch.no_grad()
def validate(codec, patches):
    """[bpp, PSNR] per lambda over fixed standardised validation patches [n, bands, h, w]."""
    results = []
    for k in range(len(codec.spec.target_rates)):
        x_hat, bpp, _ = rate_and_reconstruction(codec, patches, torch.full((len(patches),), float(k), device=patches.device))
        mse = (x_hat - patches).square().mean((1, 2, 3)) * codec.spec.input.variance
        results.append([round(float(bpp.mean()), 4), round(float(-10 * mse.log10().mean()), 3)])
    return results


def batches_of(options, seed, grid):
    return Batches(crops_from(options, seed, grid))


def validation_patches(codec, count=8):
    """Standardised validation cubes and patches [count, bands, h, w] in random frames of a fixed seed."""
    return Batches(held_back_crops(codec.spec.grid, 0.38)).aligned(count, codec).to(codec.device)


def _start(arguments):
    """A trainer from a checkpoint of this run, from another run's (`--from`), or from scratch."""
    options = {name: getattr(arguments, name) for name in OPTIONS}
    checkpoint = arguments.run / "checkpoint.pt"
    if checkpoint.exists():
        return Trainer.load(checkpoint, device=arguments.device)
    trainer = _branched(arguments, options) if arguments.source else _first(arguments, options)
    trainer.codec.to(arguments.device)
    if arguments.latent_steps:
        _train_latent_stage(trainer, arguments)
    return trainer


def _branched(arguments, options):
    """What `--from` trained, as `--variant`."""
    source = Trainer.load(arguments.source, options)
    codec = source.codec
    if arguments.variant != codec.spec.name:
        codec = branch(source.codec, arguments.variant)
        if codec.spec.conv3d is not None:
            fit_ends(codec, source.codec, batches_of(options, arguments.seed + 2, codec.spec.grid))
    if arguments.grid not in (None, codec.spec.grid):
        axes = training_axes(data_folder(), codec.spec.frame.components, arguments.grid)
        codec = regrid(codec, arguments.grid, batches_of(options, arguments.seed + 3, arguments.grid).batch(192), axes)
    history = list(source.history)
    if arguments.visible:
        codec = _weighted(codec, batches_of(options, arguments.seed + 3, codec.spec.grid))
        history.append(WEIGHTED)
    trainer = Trainer(codec, options)
    trainer.total_steps, trainer.history = source.total_steps, history
    return trainer


def _weighted(codec, batches):
    """The codec for errors that count more where people see them."""
    grid = codec.spec.grid
    weights = visible_weights(GRIDS[grid])
    axes = training_axes(data_folder(), codec.spec.frame.components, grid, weights=weights)
    return weighted(codec, weights, batches.batch(192), axes)


def _first(arguments, options):
    codec = Codec(preset("studio", arguments.variant, arguments.grid))
    crops = crops_from({**options, "crop": 96}, arguments.seed + 1, codec.spec.grid)
    axes = training_axes(data_folder(), codec.spec.frame.components, codec.spec.grid)
    initialise(codec, Batches(crops).batch(192), axes, crops.random)
    return Trainer(codec, options)


def _train_latent_stage(trainer, arguments):
    steps, batch, rate = arguments.latent_steps, arguments.latent_batch, arguments.latent_lr
    trainer.history.append(f"{steps} steps at the latents' resolution, batch {batch}, from {rate}")
    batches = CoordinateBatches.of(trainer.codec, "train", seed=distributed.separate(arguments.seed))
    with open(arguments.run / "log.jsonl", "a") as log:
        stage = LatentStage(trainer.codec, batches, steps, batch, rate)
        train_latent_stage(stage, arguments.run / "latent.pt", lambda entry: write_log(log, entry))


def write_log(log, entry):
    """One line of JSON with the time; the first process alone writes."""
    if distributed.rank():
        return
    log.write(json.dumps({"time": datetime.now(timezone.utc).strftime("%H:%M:%S"), **entry}) + "\n")
    log.flush()


def main():
    parser = argparse.ArgumentParser(description="Train a codec (fidelity stage). Runs again = resumes.")
    parser.add_argument("run", type=Path, help="folder of this run: checkpoint.pt, log.jsonl")
    parser.add_argument("--variant", default="hific-opt")
    parser.add_argument("--grid", help="spectral grid, vnir-128 or vswir-200; another than `--from`'s carries what knows no bands")
    parser.add_argument("--from", dest="source", type=Path, help="checkpoint to start from (branches to --variant)")
    parser.add_argument("--visible", action="store_true", help="errors in visible bands count twice; needs --from")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--lr", type=float, default=4e-4)
    parser.add_argument("--lr-end", type=float, default=1e-5)
    parser.add_argument("--schedule", choices=("constant", "cosine"), default="cosine")
    parser.add_argument("--crop", type=int, default=96)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--real-share", type=float, default=0.38)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default=distributed.usual_device(), help="cpu, cuda, cuda:1; default: a GPU if there is one")
    parser.add_argument("--checkpoint-minutes", type=float, default=3)
    parser.add_argument("--validate-every", type=int, default=250)
    parser.add_argument("--latent-steps", type=int, default=0)
    parser.add_argument("--latent-batch", type=int, default=12)
    parser.add_argument("--latent-lr", type=float, default=2e-3)
    arguments = parser.parse_args()
    if arguments.visible and not arguments.source:
        parser.error("--visible weighs the bands of trained weights: name them by --from")
    torch.set_num_threads(arguments.threads)
    distributed.start(arguments.device)
    torch.manual_seed(arguments.seed)
    arguments.run.mkdir(parents=True, exist_ok=True)
    run(_start(arguments), arguments)
    distributed.finish()


def run(trainer, arguments):
    """The loop: steps, log lines, validation, checkpoints; stops early where `stop` exists."""
    options, checkpoint = trainer.options, arguments.run / "checkpoint.pt"
    batches = batches_of(options, distributed.separate(options["seed"] + 1000 * trainer.total_steps), trainer.codec.spec.grid)
    validation = validation_patches(trainer.codec)
    stop, window, saved, began = arguments.run / "stop", [], time.time(), time.time()
    with open(arguments.run / "log.jsonl", "a") as log:
        def write(entry):
            write_log(log, {"step": trainer.step, **entry})

        while trainer.step < options["steps"] and not stop.exists():
            if trainer.step % arguments.validate_every == 0:
                write({"validation": validate(trainer.codec, validation)})
                began = time.time()
            window.append(trainer.train_step(batches.aligned(options["batch"], trainer.codec).to(trainer.codec.device)))
            if trainer.step % 25 == 0:
                write({**_summary(trainer, window), "seconds": round((time.time() - began), 1)})
                window, began = [], time.time()
            if time.time() - saved > 60 * arguments.checkpoint_minutes:
                trainer.save(checkpoint)
                saved = time.time()
        write({"validation": validate(trainer.codec, validation)})
    whole = f"{trainer.step} steps of the whole network, batch {options['batch']}"
    if trainer.step and whole not in trainer.history:
        trainer.history.append(whole)
    trainer.save(checkpoint)


def _summary(trainer, window):
    position, bpp, z_bpp, mse = (torch.cat([row[i] for row in window]) for i in range(4))
    nearest, per_lambda = position.round(), []
    for k in range(len(trainer.codec.spec.target_rates)):
        own = nearest == k
        psnr = -10 * torch.log10(mse[own])
        per_lambda.append([round(float(v.mean()), 3) for v in (bpp[own], psnr)])
    return {
        "rates": per_lambda, "z_bpp": round(float(z_bpp.mean()), 4),
        "gradient": round(float(np.mean([row[4] for row in window])), 3), "lr": trainer.learning_rate(),
    }


if __name__ == "__main__":
    main()
