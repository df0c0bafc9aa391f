"""Fine-tunes shipped weights on one scene: what the studio does in the browser, in PyTorch.

The region is [height, width, bands], 0..1 on the codec's grid, and holds training pixels only
(`npm run bench:finetune` writes one); shipped weights are never made with this.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

from .data import Batches
from .export import export_model, tables_of
from .frame import moved, principal_rows, quantised, rotation
from .latent_stage import LINEAR, TRUNK, latent_pass
from .objective import attention_penalty, lambdas_at, loss, random_positions
from .restore import restored
from .train import GRADIENT_LIMIT, rate_and_reconstruction

WARMUP = 10
BRIGHTNESS = (0.9, 1.1)
PROBABILITY = ("hyper_", "z_", "context", "log_gains")
# E's conv stack stands still, as in `train`: encoders fit latents to the image whatever it adds.
STILL = "encoder."
# Factors on the learning rate, as `train.RATE_FACTORS` has them.
FACTORS = (("bypass_", 0.1), *((part, 0.5) for part in TRUNK))


def is_gain(name):
    """Gains of rates and norms, biases, and the priors: one number a channel each."""
    return name.startswith(("log_gains", "z_")) or name.endswith(("bias", "gain"))


# Parts that may be trained, by name (`src/training/parts.ts`).
PARTS = {
    "gains": is_gain,
    "probability": lambda name: is_gain(name) or name.startswith(PROBABILITY),
    "coder": lambda name: name.startswith((*LINEAR, *TRUNK)),
    "generator": lambda name: name.startswith(("generator.", "bypass_synthesis.")),
    "all": lambda name: True,
}
# Those whose steps work at the latents' resolution (`latent_stage.py`).
LATENT = ("coder", "probability")


class RegionCrops:
    """Random crops of one region [bands, height, width], turned and flipped; a factor of brightness."""

    def __init__(self, region, crop, seed):
        self.region, self.crop, self.random = region, crop, np.random.default_rng(seed)

    def crop_and_gain(self):
        r, n = self.random, self.crop
        top, left = (int(r.integers(s - n + 1)) for s in self.region.shape[1:])
        patch = torch.rot90(self.region[:, top : top + n, left : left + n], int(r.integers(4)), (1, 2))
        return patch.flip(2) if r.random() < 0.5 else patch, float(r.uniform(*BRIGHTNESS))


def _factor(name):
    return next((factor for prefix, factor in FACTORS if name.startswith(prefix)), 1.0)


class FineTuning:
    """Adam on some parts of a codec; learning rate constant after a warm-up, halved in the end."""

    def __init__(self, codec, batches, part, batch, rate, steps):
        self.codec, self.batches, self.batch, self.rate, self.steps, self.step = codec, batches, batch, rate, steps, 0
        self.latent = part in LATENT
        named = [(name, p) for name, p in codec.named_parameters() if PARTS[part](name) and not name.startswith(STILL)]
        codec.requires_grad_(False)
        for _, p in named:
            p.requires_grad_(True)
        self.parameters = [p for _, p in named]
        self.optimiser = torch.optim.Adam([{"params": [p], "factor": _factor(name)} for name, p in named], lr=rate)

    def train_step(self):
        """One step; (loss, mean bpp, mean squared error a sample)."""
        left = 1 - self.step / self.steps
        scale = min(1, (self.step + 1) / WARMUP) * min(1, 0.02 + 2 * left)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * group["factor"] * scale
        codec = self.codec
        x = self.batches.aligned(self.batch, codec)
        position = random_positions(len(x), len(codec.spec.target_rates))
        if self.latent:
            distortion, bpp, _ = latent_pass(codec, codec.bypass_analysis.klt(x), position)
        else:
            x_hat, bpp, _ = rate_and_reconstruction(codec, x, position)
            distortion = (x_hat - x).square().sum(1).mean((1, 2))
        value = loss(lambdas_at(codec.spec.lambdas, position), bpp, distortion) + attention_penalty(codec)
        self.optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, GRADIENT_LIMIT)
        self.optimiser.step()
        self.step += 1
        mse = distortion.detach() * codec.spec.input.variance / codec.spec.bands
        return float(value.detach()), float(bpp.detach().mean()), float(mse.mean())


@torch.no_grad()
def curve(codec, region, seed=3):
    """[bpp, PSNR] at every lambda of a region [bands, h, w] in a frame of four rows, whole blocks only."""
    h, w = (side // 16 * 16 for side in region.shape[1:])
    x = codec.standardise(region[:, :h, :w])
    c = codec.frame.coordinates(x)
    mean, rows, _ = principal_rows(c, 4)
    mean, rows = quantised(codec.frame, mean, rows, [3] * 5)
    x = codec.frame.move(x, c, moved(c, mean, rotation(rows)))[None]
    points = []
    for k in range(len(codec.spec.target_rates)):
        torch.manual_seed(seed)
        x_hat, bpp, _ = rate_and_reconstruction(codec, x, torch.full((1,), float(k)))
        mse = float((x_hat - x).square().mean()) * codec.spec.input.variance
        points.append((float(bpp), -10 * np.log10(mse)))
    return points


def gained(before, after):
    """Mean PSNR gained at equal rate over the rates that two curves share, dB."""
    (r0, d0), (r1, d1) = (np.array(points).T for points in (before, after))
    rates = np.linspace(*np.log([max(r0[0], r1[0]), min(r0[-1], r1[-1])]), 50)
    at = lambda r, d: np.interp(rates, np.log(r), d)
    return float(np.mean(at(r1, d1) - at(r0, d0)))


def main():
    parser = argparse.ArgumentParser(description="Fine-tune a weights file on one region.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("region", type=Path, help=".npy [height, width, bands], 0..1 on the codec's grid")
    parser.add_argument("output", type=Path, help="weights file to write")
    parser.add_argument("--validation", type=Path, help="such a region, measured before and after")
    parser.add_argument("--part", choices=PARTS, default="all")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--crop", type=int, default=96)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    print(json.dumps(run(arguments)))


def _region(path):
    return torch.from_numpy(np.load(path).astype(np.float32)).permute(2, 0, 1).contiguous()


def run(a):
    """Trains, writes the weights file, returns the record."""
    batches = Batches(RegionCrops(_region(a.region), a.crop, a.seed))
    parent = a.weights.read_bytes()
    codec, metadata = restored(parent, lambda grid: batches.batch(24))
    held_back = _region(a.validation) if a.validation else None
    before = curve(codec, held_back) if a.validation else None
    stage = FineTuning(codec, batches, a.part, a.batch, a.lr, a.steps)
    began = time.time()
    for _ in range(a.steps):
        stage.train_step()
    record = {"steps": a.steps, "secondsPerStep": (time.time() - began) / max(1, a.steps)}
    if a.validation:
        record["gain"] = gained(before, curve(codec, held_back))
    codec.requires_grad_(True)
    training = {**json.loads(metadata["training"]), "tuned": a.part}
    images = batches.aligned(24, codec)
    data, report = export_model(codec, images, training, metadata["stage"], tables_of(parent))
    a.output.write_bytes(data)
    return {**record, **report}


if __name__ == "__main__":
    main()
