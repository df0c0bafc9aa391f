"""Golden files of the ablation's networks: tiny ones of every placement, their reconstruction, terms and gradients.

As `golden_training`, in double precision, from fixed seeds and symbols far from ties.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from . import entropy, golden, safetensors
from .ablation import PLACEMENTS, bit_loss, placed
from .entropy import noise_like, rate_of_latents
from .golden_export import GOLDEN, in_file, parameters
from .golden_training import MARGIN, SEEDS, Draws, Margins, exactly, pixels, sample
from .networks import Codec
from .spec import ContextSpec, preset

HEIGHT, WIDTH = 48, 32
POSITION = 4.0


def tiny(placement):
    """The network of a placement at the sizes of the preset `tiny`."""
    base = replace(preset("tiny", "hific-opt"), bypass=None, frame=None, context=ContextSpec(1, 8, 8))
    return placed(base, placement)


@torch.no_grad()
def _codec(placement, seed):
    codec = golden.randomised(Codec(tiny(placement)), seed)
    codec.log_gains.add_(1.2)
    codec.hyper_scale.conv2.bias.add_(20 / codec.index_scale)
    codec.hyper_analysis.conv2.weight.mul_(2)
    for p in codec.parameters():
        p.copy_(exactly(p))
    return codec.double().train()


def _pass(placement, seed, image):
    """(tensors, least margin) of one pass."""
    codec, draws, margins = _codec(placement, seed), Draws(seed), Margins()
    position = torch.full((1,), POSITION).double()
    entropy.noise_like, entropy.rdo_rounded = draws, margins
    try:
        x = codec.standardise(image)
        y_hat, bpp, z_bpp = rate_of_latents(codec, codec.analyse(x), position, 0.0)
        made = codec.synthesise(y_hat, position)
        distortion = (made - x).square().sum(1).mean((1, 2))
        value = bit_loss(codec, bpp, distortion, position)
    finally:
        entropy.noise_like, entropy.rdo_rounded = noise_like, margins.own
    with torch.no_grad():
        z = codec.hyper_encode(codec.analyse(x) * codec.gains(position))
        least = min(margins.least, float(((z + 0.5) - (z + 0.5).round()).abs().min()))
    names = dict(codec.named_parameters())
    gradients = torch.autograd.grad(value, list(names.values()), allow_unused=True)
    found = {name: own.astype(np.float16) for name, own in parameters(codec).items()}
    y, z = sorted(draws.drawn.values(), key=lambda own: -own.numel())
    found |= {"draws.latent_noise": pixels(y), "draws.hyper_noise": pixels(z)}
    terms = {"rate": bpp, "hyperRate": z_bpp, "distortion": distortion, "loss": value}
    found |= {f"terms.{name}": np.array([float(own.detach())], np.float32) for name, own in terms.items()}
    for name, gradient in in_file((n, g) for n, g in zip(names, gradients) if g is not None).items():
        if gradient.any():
            found[f"gradients.{name}"], found[f"sizes.{name}"] = sample(gradient)
    return found, least


def tensors(placement, image):
    """(seed, tensors of a placement's file)."""
    for seed in range(SEEDS):
        found, least = _pass(placement, seed, image)
        if least > MARGIN:
            return seed, found
    raise AssertionError(f"no seed keeps {placement} away from ties")


def test_image():
    return exactly(golden.test_cube(height=HEIGHT, width=WIDTH))[None]


def main():
    parser = argparse.ArgumentParser(description="Write the golden file of the ablation's networks.")
    parser.add_argument("--out", type=Path, default=GOLDEN)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    image = test_image()
    found = {"image": pixels(image)}
    for placement in PLACEMENTS:
        seed, own = tensors(placement, image)
        found |= {f"{placement}/{name}": value for name, value in own.items()}
        print(placement, "seed", seed, {name: round(float(own[name][0]), 5) for name in own if name.startswith("terms.")})
    (folder / "ablation.safetensors").write_bytes(safetensors.to_bytes(found))


if __name__ == "__main__":
    main()
