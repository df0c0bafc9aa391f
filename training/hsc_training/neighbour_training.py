"""Trains one of the neighbours (`neighbours.py`, `hyperprior.py`) on its own loss; resumable."""

import argparse
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from .data import Batches, crops_from, held_back_crops
from .hyperprior import Hyperprior
from .linear_start import start_linear
from .neighbours import NETWORKS, neighbour
from .train import write_log

GRID = "vnir-128"
TRAINED = (*NETWORKS, "hyperprior")
WARMUP = 50
GRADIENT_LIMIT = 1.0
# The last share of the steps is in float32, in which the network runs; those before may be in bfloat16.
EXACT_SHARE = 0.15
# Images of one step: their number and their side, about as many seconds for every network.
BATCHES = {"cae-1d": (48, 4), "sscnet": (8, 32), "cae-3d": (4, 32), "hyperprior": (6, 64)}
VALIDATION_IMAGES = 8
# Images that the hyperprior's linear start is made of.
START_IMAGES = 96


@dataclass
class Run:
    """Everything a checkpoint needs."""

    name: str
    net: torch.nn.Module
    optimiser: torch.optim.Optimizer
    steps: int
    lr: float
    seed: int
    step: int = 0

    @staticmethod
    def new(name, steps, lr, seed):
        torch.manual_seed(seed)
        net = Hyperprior() if name == "hyperprior" else neighbour(name)
        sets = [{"params": own, "factor": factor} for own, factor in net.learning()]
        return Run(name, net, torch.optim.Adam(sets, lr), steps, lr, seed)

    @staticmethod
    def load(path, steps=None):
        """The run of a checkpoint; `steps`: another number of them, which the learning rate then goes by."""
        state = torch.load(path, weights_only=True)
        run = Run.new(*(state[key] for key in ("name", "steps", "lr", "seed")))
        run.steps = steps or run.steps
        run.step = state["step"]
        run.net.load_state_dict(state["net"])
        run.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        return run

    def save(self, path):
        """Writes a checkpoint atomically."""
        state = {key: getattr(self, key) for key in ("name", "steps", "lr", "seed", "step")}
        state |= {
            "net": self.net.state_dict(), "optimiser": self.optimiser.state_dict(), "random": torch.get_rng_state(),
        }
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)

    def learning_rate(self):
        """Cosine from `lr` to its hundredth."""
        warm = min(1.0, (self.step + 1) / WARMUP)
        return self.lr * warm * (0.01 + 0.99 * (1 + math.cos(math.pi * self.step / self.steps)) / 2)

    def train_step(self, x, bfloat16):
        """One optimiser step on images [n, bands, h, w] in 0..1; the mean squared error."""
        self.net.train()
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate() * group["factor"]
        fast = bfloat16 and self.step < (1 - EXACT_SHARE) * self.steps
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            loss, error = self.net.loss(x)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), GRADIENT_LIMIT)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"gradient is not finite at step {self.step}")
        self.optimiser.step()
        self.step += 1
        return float(error.detach())


def main():
    parser = argparse.ArgumentParser(description="Train a neighbour. Runs again = resumes.")
    parser.add_argument("run", type=Path, help="folder of this run: checkpoint.pt, log.jsonl")
    parser.add_argument("--codec", choices=TRAINED, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="all but the last steps in mixed precision")
    parser.add_argument("--checkpoint-minutes", type=float, default=3)
    parser.add_argument("--validate-every", type=int, default=1000)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.run.mkdir(parents=True, exist_ok=True)
    checkpoint = arguments.run / "checkpoint.pt"
    if checkpoint.exists():
        run = Run.load(checkpoint, arguments.steps)
    else:
        run = Run.new(arguments.codec, arguments.steps, arguments.lr, arguments.seed)
    train(run, arguments, checkpoint)


def train(run, arguments, checkpoint):
    """The loop: steps, log lines, validation, checkpoints; stops early where `stop` exists."""
    size, crop = BATCHES[run.name]
    options = {"crop": crop, "real_share": 0.38}
    batches = Batches(crops_from(options, run.seed + run.step, GRID))
    images = Batches(held_back_crops(GRID, options["real_share"])).batch(VALIDATION_IMAGES)
    if run.step == 0 and isinstance(run.net, Hyperprior):
        start_linear(run.net, run.net.groups(batches.batch(START_IMAGES)))
    stop, window, saved, began = arguments.run / "stop", [], time.time(), time.time()
    with open(arguments.run / "log.jsonl", "a") as log:
        while run.step < run.steps and not stop.exists():
            window.append(run.train_step(batches.batch(size), arguments.bfloat16))
            if run.step % 100 == 0:
                psnr, seconds = -10 * math.log10(sum(window) / len(window)), time.time() - began
                write_log(log, {"step": run.step, "psnr": round(psnr, 3), "seconds": round(seconds, 1)})
                window, began = [], time.time()
            if run.step % arguments.validate_every == 0:
                write_log(log, {"step": run.step, "validation": run.net.eval().validate(images)})
            if time.time() - saved > 60 * arguments.checkpoint_minutes:
                run.save(checkpoint)
                saved = time.time()
        write_log(log, {"step": run.step, "validation": run.net.eval().validate(images)})
    run.save(checkpoint)


if __name__ == "__main__":
    main()
