"""GAN stage: the paper's final objective for G, on top of a codec of the fidelity stage.

Byju et al., equations 2 to 4: theta1 MSE + theta2 (1 - SSIM) + theta3 LPIPS - beta log D. E and
the probability model stand still: rates are those of the fidelity stage, and what changes is what G
makes of the symbols.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from . import distributed
from .branch import add_change
from .data import MODELS, Batches, crops_from, data_folder, held_back_crops
from .entropy import rate_of_latents
from .frame import Framed
from .grid import GRIDS
from .networks import Discriminator
from .objective import random_positions
from .perceptual import REPORTED_BY, TRAINED_BY, TRUE_COLOUR, VIEWS, Lpips, random_look, stretched, view_bands
from .ssim import ssim
from .train import Trainer, write_log
from .triplet_net import TripletNet

# Section III, with MSE on a scale of 60 grey levels: docs/decisions.md.
MSE_SCALE = 60
THETA_MSE, THETA_SSIM, THETA_LPIPS, BETA = 0.15 * 2**-5 * MSE_SCALE**2, 0.075 * 2**-3, 1.0, 0.15
# Half of the paper's: a step of the whole costs a third.
DISCRIMINATOR_WIDTHS = (32, 64, 128, 256)
SSIM_BANDS = 6
DISCRIMINATOR_FIRST = 60
GRADIENT_LIMIT = 1.0
WARMUP = 50
# Factor on the rate of the linear synthesis, which comes trained longest.
LINEAR_FACTOR = 0.1
# Factor on the rate of D: real and made images differ little, and it learns the slower for that.
DISCRIMINATOR_FACTOR = 3
# Share of a bit's worth in the choice of symbols, as encoders weigh it with these weights
# (`src/codecs/hific/symbolChoice.ts`; 0.3 while training): the less, the more fine texture is kept, at coarser steps.
BIT_SHARE = 0.3
# Files of up to 1 bit per pixel lie below this position, but for the smoothest images.
LAST_POSITION = 3.3
# D's layers stretch nothing (spectral norm), and real and made images differ little.
DISCRIMINATOR_SCALE = 4


def generator_terms(clean, image, position, bands, looks, distance):
    """Weighted terms of G's objective but the adversarial one, of images in 0..1.

    bands: those that SSIM is taken of; looks: (three bands, Look) of each view that `distance` takes.
    """
    shown = lambda own, look: [look(x) for x in stretched(clean[:, own], image[:, own])]
    distances = [distance(*shown(own, look)) for own, look in looks]
    return {
        "mse": THETA_MSE * (image - clean).square().mean(),
        "ssim": THETA_SSIM * (1 - ssim(image[:, bands], clean[:, bands]).mean()),
        "lpips": THETA_LPIPS * (sum(distances) / len(distances) * lpips_weight(position)).mean(),
    }


def judged(discriminator, image, condition):
    """D's logits of standardised images."""
    return discriminator(DISCRIMINATOR_SCALE * image, condition)


def adversarial_term(of_made):
    """Non-saturating loss of G by D's logits of its images, weighted."""
    return BETA * F.softplus(-of_made).mean()


def discriminator_loss(of_real, of_made):
    return F.softplus(-of_real).mean() + F.softplus(of_made).mean()


def lpips_weight(position):
    """Weights [n] by which LPIPS counts alike, relative to what it is in the fidelity stage: about 0.4
    at the lowest lambda, 0.6 times as much at each next."""
    return 0.6 * (0.5 * position).exp()


class GanStage:
    """Alternating steps of D and G; `lpips` the distance that G is trained by."""

    def __init__(self, trainer, crops, lpips, rate, steps, batch):
        self.codec, self.batches, self.crops, self.lpips = trainer.codec, Batches(crops), crops, lpips
        self.rate, self.steps, self.batch, self.step = rate, steps, batch, 0
        # Bands of the views; a grid without them (tests) takes its first three.
        centres = GRIDS.get(self.codec.spec.grid)
        self.views = [[0, 1, 2]] if centres is None else [view_bands(centres, own) for own in VIEWS]
        self.discriminator = Discriminator(self.codec.spec.bands, self.codec.spec.latent_channels, DISCRIMINATOR_WIDTHS).to(self.codec.device)
        own = {name: p for name, p in self.codec.named_parameters()}
        self.groups = [
            {"params": [p for name, p in own.items() if name.startswith("generator.")], "factor": 1.0},
            {"params": [own["bypass_synthesis.blocks.kernel"]], "factor": LINEAR_FACTOR},
        ]
        self.generator_optimiser = torch.optim.Adam(self.groups)
        self.discriminator_optimiser = torch.optim.Adam(self.discriminator.parameters(), lr=rate * DISCRIMINATOR_FACTOR, betas=(0.5, 0.9))

    def train_step(self):
        """One step of D, then of G; a dict of the losses."""
        random = self.crops.random
        clean = self.batches.batch(self.batch)
        framed = Framed(self.codec, self.codec.standardise(clean), random)
        position = random_positions(self.batch, 1 + LAST_POSITION, self.codec.device)
        with torch.no_grad():
            y_hat, bpp, _ = rate_of_latents(self.codec, self.codec.analyse(framed.images), position, BIT_SHARE)
            condition = torch.asinh(y_hat * self.codec.gains(position))
        made, clean = framed.restore(self.codec.synthesise(y_hat, position)), clean.to(self.codec.device)
        real = self.codec.standardise(clean)
        d_loss = self._train_discriminator(real, made.detach(), condition)
        terms = self._distortion(clean, made, position)
        if self.step >= DISCRIMINATOR_FIRST:
            terms["adversarial"] = adversarial_term(self._judged(made, condition))
        self._train_generator(sum(terms.values()))
        self.step += 1
        return {name: float(value.detach()) for name, value in terms.items()} | {"d": d_loss, "bpp": float(bpp.mean())}

    def _distortion(self, clean, made, position):
        spec, random = self.codec.spec, self.crops.random
        image = self.codec.brightness(made)
        bands = sorted(random.choice(spec.bands, SSIM_BANDS, replace=False).tolist())
        triplets = [self.views[random.integers(len(self.views))], sorted(random.choice(spec.bands, 3, replace=False).tolist())]
        looks = [(own, random_look(random)) for own in triplets]
        return generator_terms(clean, image, position, bands, looks, self.lpips)

    def _judged(self, image, condition):
        return judged(self.discriminator, image, condition)

    def _train_discriminator(self, real, made, condition):
        loss = discriminator_loss(self._judged(real, condition), self._judged(made, condition))
        self.discriminator_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        distributed.average_gradients(self.discriminator.parameters())
        self.discriminator_optimiser.step()
        return float(loss.detach())

    def _train_generator(self, value):
        decay = max(0.02, 1 - self.step / self.steps) * min(1, (self.step + 1) / WARMUP)
        for group in self.generator_optimiser.param_groups:
            group["lr"] = self.rate * group["factor"] * decay
        self.generator_optimiser.zero_grad(set_to_none=True)
        value.backward()
        for group in self.groups:
            distributed.average_gradients(group["params"])
            torch.nn.utils.clip_grad_norm_(group["params"], GRADIENT_LIMIT)
        self.generator_optimiser.step()

    def state(self):
        return {
            "step": self.step, "discriminator": self.discriminator.state_dict(),
            "generator_optimiser": self.generator_optimiser.state_dict(),
            "discriminator_optimiser": self.discriminator_optimiser.state_dict(),
        }

    def resume(self, state):
        self.step = state["step"]
        self.discriminator.load_state_dict(state["discriminator"])
        self.generator_optimiser.load_state_dict(state["generator_optimiser"])
        self.discriminator_optimiser.load_state_dict(state["discriminator_optimiser"])


@torch.no_grad()
def validate(codec, lpips, count=12, share=BIT_SHARE):
    """[bpp, PSNR, LPIPS of true colour by the reporting backbone] per lambda on validation images."""
    crops = held_back_crops(codec.spec.grid, 0.5)
    clean, results, spec = Batches(crops).batch(count), [], codec.spec
    framed, clean = Framed(codec, codec.standardise(clean), crops.random), clean.to(codec.device)
    y, own = codec.analyse(framed.images), view_bands(GRIDS[codec.spec.grid], TRUE_COLOUR)
    for k in range(len(spec.target_rates)):
        position = torch.full((count,), float(k), device=codec.device)
        y_hat, bpp, _ = rate_of_latents(codec, y, position, share)
        image = codec.brightness(framed.restore(codec.synthesise(y_hat, position)))
        psnr = -10 * (image.clamp(0, 1) - clean).square().mean((1, 2, 3)).log10().mean()
        distance = lpips(*stretched(clean[:, own], image[:, own])).mean()
        results.append([round(float(bpp.mean()), 4), round(float(psnr), 2), round(float(distance), 4)])
    return results


def main():
    parser = argparse.ArgumentParser(description="Train G by the paper's final objective. Runs again = resumes.")
    parser.add_argument("run", type=Path, help="folder of this run: checkpoint.pt, log.jsonl")
    parser.add_argument("--from", dest="source", type=Path, required=True, help="checkpoint of the fidelity stage")
    parser.add_argument(
        "--like", type=Path, nargs=2, metavar=("BEFORE", "AFTER"),
        help="start with what this stage changed in these weights, which may be on another grid",
    )
    parser.add_argument("--perceptual", choices=("lpips", "triplet-net"), default="lpips", help="triplet-net: as the studio, which has no LPIPS")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default=distributed.usual_device(), help="cpu, cuda, cuda:1; default: a GPU if there is one")
    parser.add_argument("--checkpoint-minutes", type=float, default=4)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    distributed.start(arguments.device)
    torch.manual_seed(arguments.seed)
    arguments.run.mkdir(parents=True, exist_ok=True)
    run(arguments)
    distributed.finish()


def run(arguments):
    """The loop: steps, log lines, validation, checkpoints."""
    checkpoint, kept = arguments.run / "checkpoint.pt", arguments.run / "gan.pt"
    trainer = Trainer.load(checkpoint if checkpoint.exists() else arguments.source, device=arguments.device)
    lpips = {name: Lpips(data_folder() / "lpips", name, arguments.device) for name in (TRAINED_BY, REPORTED_BY)}
    crops = crops_from(trainer.options, distributed.separate(arguments.seed + 7), trainer.codec.spec.grid)
    stage = GanStage(trainer, crops, _perceptual(arguments, lpips), arguments.lr, arguments.steps, arguments.batch)
    if kept.exists():
        stage.resume(torch.load(kept, map_location="cpu", weights_only=True))
    else:
        trainer.stage = "gan"
        if arguments.like:
            add_change(trainer.codec, *(Trainer.load(path).codec for path in arguments.like))
            trainer.history.append(f"what the GAN stage changed from {' to '.join(path.stem for path in arguments.like)}")
        if arguments.steps:
            trainer.history.append(f"{arguments.steps} steps of the GAN stage, batch {arguments.batch}, from {arguments.lr}")
        _save(trainer, stage, checkpoint, kept)
    window, saved, began = [], time.time(), time.time()
    with open(arguments.run / "log.jsonl", "a") as log:
        write_log(log, {"gan": stage.step, "validation": validate(trainer.codec, lpips[REPORTED_BY])})
        while stage.step < arguments.steps:
            window.append(stage.train_step())
            if stage.step % 25 == 0:
                means = {key: round(float(np.mean([w.get(key, 0) for w in window])), 4) for key in window[-1]}
                write_log(log, {"gan": stage.step, **means, "seconds": round(time.time() - began, 1)})
                window = []
            if time.time() - saved > 60 * arguments.checkpoint_minutes or stage.step == arguments.steps:
                _save(trainer, stage, checkpoint, kept)
                write_log(log, {"gan": stage.step, "validation": validate(trainer.codec, lpips[REPORTED_BY])})
                saved = time.time()


def _perceptual(arguments, lpips):
    """The distance that G is trained by."""
    if arguments.perceptual == "lpips":
        return lpips[TRAINED_BY]
    net = TripletNet.of_file((MODELS / "triplet-net.safetensors").read_bytes())
    return net.requires_grad_(False).to(arguments.device)


def _save(trainer, stage, checkpoint, kept):
    trainer.save(checkpoint)
    if distributed.rank():
        return
    torch.save(stage.state(), f"{kept}.part")
    os.replace(f"{kept}.part", kept)


if __name__ == "__main__":
    main()
