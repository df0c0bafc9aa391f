"""Golden files for training in the browser: every loss term and its gradients, of tiny codecs.

Everything comes from fixed seeds, and is computed in double precision. Parameters, images and random
numbers are such as float32 holds exactly, so that both sides see the same. Of every gradient some
elements are kept, with its norm and its largest magnitude. Symbols are chosen far from ties.
"""

import argparse
import copy
from pathlib import Path

import numpy as np
import torch

from . import entropy, golden, safetensors
from .entropy import noise_like, rate_of_latents
from .frame import out_of_frames
from .gan_stage import adversarial_term, discriminator_loss, generator_terms, judged
from .golden_export import GOLDEN, in_file, parameters, units
from .latent_stage import latent_pass
from .networks import Codec, Discriminator
from .objective import attention_penalty, lambdas_at, loss
from .perceptual import Look
from .spec import VARIANTS, preset
from .triplet_net import TripletNet
from .weights import file_name_of, to_file_layout

HEIGHT, WIDTH = 80, 48
POSITIONS = (1.3, 3.0)
DISCRIMINATOR_WIDTHS = (4, 6, 8, 10)
SSIM_BANDS = (1, 4, 5, 11)
LOOKS = (((12, 7, 2), Look(1, 1.25, 3, 0, False)), ((0, 6, 9), Look(2, 1.7, 0, 5, True)), ((3, 4, 15), Look(3, 1.0, 7, 6, True)))
# Elements of each gradient that are kept.
KEPT = 40
# Least distance of costs and residuals from ties, and how many seeds may be tried for it.
MARGIN, SEEDS = 5e-4, 200
BIT_SHARE = 0.3


def exactly(x, dtype=torch.float16):
    """The nearest values of a shorter type, in double."""
    return x.to(dtype).double()


@torch.no_grad()
def codec_of(variant, seed):
    """A tiny codec in double whose units differ from one."""
    codec = golden.tiny_codec(variant, seed, band_std=True)
    g = torch.Generator().manual_seed(seed)
    spread = lambda x: x.copy_(torch.exp(0.3 * torch.randn(x.shape, generator=g)))
    for x in (codec.symbol_scale, codec.plane_scale, codec.context.scale):
        spread(x)
    codec.hyper_scale.conv2.bias.sub_(0.4)
    for p in codec.parameters():
        p.copy_(exactly(p))
    return codec.double().train()


@torch.no_grad()
def images(codec):
    """(originals in 0..1, aligned in 0..1, R, d), the first image in a frame, the second in none."""
    single = Codec(codec.spec)
    for name in ("basis", "mean", "step", "index"):
        getattr(single, f"frame_{name}").copy_(getattr(codec, f"frame_{name}"))
    cube = exactly(golden.test_cube(height=HEIGHT, width=WIDTH)).float()
    x, _, shift, matrix = golden.in_frame(single, cube)
    originals = torch.stack([cube, cube.flip(2)]).double()
    aligned = torch.stack([exactly(single.brightness(x)), originals[1]])
    k = codec.spec.frame.components
    rotation = torch.stack([torch.from_numpy(matrix), torch.eye(k).double()])
    return originals, aligned, exactly(rotation, torch.float32), exactly(torch.stack([torch.from_numpy(shift), torch.zeros(k).double()]), torch.float32)


class Draws:
    """Noise of a pass, drawn once and given out whenever the entropy model asks for its shape."""

    def __init__(self, seed):
        self.generator, self.drawn = torch.Generator().manual_seed(seed), {}

    def __call__(self, x):
        if x.shape not in self.drawn:
            self.drawn[x.shape] = exactly(torch.rand(x.shape, generator=self.generator) - 0.5)
        return self.drawn[x.shape]


class Margins:
    """Stands in for `entropy.rdo_rounded` and keeps the least distance from a tie that it saw."""

    def __init__(self):
        self.own, self.least = entropy.rdo_rounded, float("inf")

    def __call__(self, residual, index, weight):
        with torch.no_grad():
            best = (residual + 0.5).floor()
            symbols = torch.stack([best, best - best.sign(), torch.zeros_like(best)])
            cost = (residual - symbols).square() + weight * torch.stack([entropy.conditional_bits(s, index) for s in symbols])
            chosen = self.own(residual, index, weight)
            others = torch.where(symbols == chosen, torch.inf, (cost - cost.min(0).values).abs())
            tie = ((residual + 0.5) - (residual + 0.5).round()).abs()
            self.least = min(self.least, float(others.min()), float(tie.min()))
        return chosen


class Pass:
    """One batch through one codec, every term of both objectives."""

    def __init__(self, variant, seed):
        self.codec = codec_of(variant, seed)
        self.originals, self.aligned, self.matrix, self.shift = images(self.codec)
        self.position = torch.tensor(POSITIONS).double()
        self.draws, self.margins = Draws(seed), Margins()
        torch.manual_seed(seed)
        discriminator = Discriminator(self.codec.spec.bands, self.codec.spec.latent_channels, DISCRIMINATOR_WIDTHS)
        self.discriminator = self._rounded(discriminator)
        self.distance = TripletNet.of_file((golden.GOLDEN / "triplet-net.safetensors").read_bytes()).double()
        with torch.no_grad():
            x = self.codec.standardise(self.aligned)
            self.coordinates = exactly(torch.stack([_coordinates(self.codec, own) for own in x]))

    @staticmethod
    @torch.no_grad()
    def _rounded(discriminator):
        for _, value in (*discriminator.named_parameters(), *discriminator.named_buffers()):
            value.copy_(exactly(value))
        return discriminator.double().train()

    def run(self):
        """Terms by name: (value, gradients by name in the file)."""
        found = {}
        entropy.noise_like, entropy.rdo_rounded = self.draws, self.margins
        try:
            for make in (self._fidelity, self._core, self._gan):
                found |= make()
            found["discriminator"] = self._discriminator()
            self.margins.least = min(self.margins.least, self._hyper_margin())
        finally:
            entropy.noise_like, entropy.rdo_rounded = noise_like, self.margins.own
        return found

    def _hyper_margin(self):
        with torch.no_grad():
            y = self.codec.analyse(self.codec.standardise(self.aligned))
            z = self.codec.hyper_encode(y * self.codec.gains(self.position))
            return float(((z + 0.5) - (z + 0.5).round()).abs().min())

    def _of_codec(self, terms):
        names = dict(self.codec.named_parameters())
        found = {}
        for term, value in terms.items():
            gradients = torch.autograd.grad(value, list(names.values()), retain_graph=True, allow_unused=True)
            found[term] = value, in_file((n, g) for n, g in zip(names, gradients) if g is not None)
        return found

    def _fidelity(self):
        codec, spec = self.codec, self.codec.spec
        x = codec.standardise(self.aligned)
        y_hat, bpp, z_bpp = rate_of_latents(codec, codec.analyse(x), self.position)
        distortion = (codec.synthesise(y_hat, self.position) - x).square().sum(1).mean((1, 2))
        terms = {"latentRate": (bpp - z_bpp).mean(), "hyperRate": z_bpp.mean(), "distortion": distortion.mean()}
        total = loss(lambdas_at(spec.lambdas, self.position), bpp, distortion)
        if codec.attention_weights():
            terms["attention"] = attention_penalty(codec)
            total = total + terms["attention"]
        return self._of_codec({**terms, "fidelity": total})

    def _core(self):
        distortion, bpp, _ = latent_pass(self.codec, self.coordinates, self.position)
        value = loss(lambdas_at(self.codec.spec.lambdas, self.position), bpp, distortion)
        return self._of_codec({"core": value + attention_penalty(self.codec)})

    def _made(self):
        """(y_hat seen by D, standardised images out of their frames)."""
        codec = self.codec
        with torch.no_grad():
            y_hat, _, _ = rate_of_latents(codec, codec.analyse(codec.standardise(self.aligned)), self.position, BIT_SHARE)
            condition = torch.asinh(y_hat * codec.gains(self.position))
        return condition, out_of_frames(codec, codec.synthesise(y_hat, self.position), self.matrix, self.shift)

    def _gan(self):
        condition, made = self._made()
        image = self.codec.brightness(made)
        looks = [(list(bands), look) for bands, look in LOOKS]
        terms = generator_terms(self.originals, image, self.position, list(SSIM_BANDS), looks, self.distance)
        terms["perceptual"] = terms.pop("lpips")
        judge = copy.deepcopy(self.discriminator)
        terms["adversarial"] = adversarial_term(judged(judge, made, condition))
        return self._of_codec({**terms, "gan": sum(terms.values())})

    def _discriminator(self):
        condition, made = self._made()
        judge = copy.deepcopy(self.discriminator)
        real = self.codec.standardise(self.originals)
        value = discriminator_loss(judged(judge, real, condition), judged(judge, made.detach(), condition))
        value.backward()
        self.judge_after = judge
        return value, {name: to_file_layout(name, p.grad).numpy() for name, p in _judge_parameters(judge)}


def _coordinates(codec, x):
    count = codec.spec.bypass.components
    return torch.einsum("kb,bhw->khw", codec.frame_basis, x - codec.frame_mean[:, None, None])[:count]


def _judge_parameters(judge):
    for path, value in judge.named_parameters():
        layer, kind = path.split(".")[0], "bias" if path.endswith("bias") else "kernel"
        yield f"discriminator.{layer}.{kind}", value


def _vectors(judge):
    """The vectors of spectral normalisation by name; of inputs in the order of the file's kernels."""
    found = {}
    for name, layer in judge.named_children():
        inputs, kh, kw = layer.parametrizations.weight.original.shape[1:]
        norm = layer.parametrizations.weight[0]
        found[f"discriminator.{name}.left"] = norm._u[None]
        found[f"discriminator.{name}.right"] = norm._v.view(inputs, kh, kw).permute(1, 2, 0).reshape(1, -1)
    return found


def sample(gradient):
    """(some elements, [l2 norm, largest magnitude]) of a gradient in the file's layout."""
    flat = gradient.ravel()
    kept = flat[np.arange(min(KEPT, len(flat))) * len(flat) // min(KEPT, len(flat))]
    return kept.astype(np.float32), np.array([np.linalg.norm(flat), np.abs(flat).max()], np.float32)


def _short(x):
    return np.ascontiguousarray(x.detach().numpy()).astype(np.float16)


def pixels(x):
    return _short(x.permute(0, 2, 3, 1))


def tensors(variant):
    """(seed, tensors of a variant's file, tensors of the batch, which all variants share)."""
    for seed in range(SEEDS):
        own = Pass(variant, seed)
        terms = own.run()
        if own.margins.least > MARGIN:
            break
    assert own.margins.least > MARGIN, f"no seed keeps {variant} away from ties"
    codec = own.codec
    found = {name: value.astype(np.float16) for name, value in parameters(codec).items()}
    found |= {name: value.astype(np.float32) for name, value in units(codec).items()}
    judge = {name: to_file_layout(name, value) for name, value in _judge_parameters(own.discriminator)}
    found |= {name: _short(value) for name, value in (judge | _vectors(own.discriminator)).items()}
    after = _vectors(own.judge_after)
    found |= {f"after.{name}": value.detach().numpy().astype(np.float32) for name, value in after.items()}
    y, z = sorted(own.draws.drawn.values(), key=lambda x: -x.numel())
    found |= {"draws.latent_noise": pixels(y), "draws.hyper_noise": pixels(z)}
    for term, (value, gradients) in terms.items():
        found[f"terms.{term}"] = np.array([float(value.detach())], np.float32)
        for name, gradient in gradients.items():
            if gradient.any():
                found[f"gradients.{term}.{name}"], found[f"sizes.{term}.{name}"] = sample(gradient)
    batch = {"originals": pixels(own.originals), "aligned": pixels(own.aligned), "coordinates": pixels(own.coordinates)}
    batch |= {"rotation": own.matrix.numpy().astype(np.float32), "shift": own.shift.numpy().astype(np.float32)}
    batch["input.std"] = np.float32(codec.spec.input.std)
    batch |= {f"frame.{name}": getattr(codec, f"frame_{name}").numpy().astype(np.float32) for name in ("basis", "mean")}
    return seed, found, batch


def main():
    parser = argparse.ArgumentParser(description="Write the golden files of the browser's loss terms and gradients.")
    parser.add_argument("--out", type=Path, default=GOLDEN)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for variant in VARIANTS:
        seed, found, batch = tensors(variant)
        (folder / f"terms-{variant}.safetensors").write_bytes(safetensors.to_bytes(found))
        print(variant, "seed", seed, {name: round(float(value[0]), 5) for name, value in found.items() if name.startswith("terms.")})
    (folder / "terms-batch.safetensors").write_bytes(safetensors.to_bytes(batch))


if __name__ == "__main__":
    main()
