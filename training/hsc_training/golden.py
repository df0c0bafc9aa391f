"""Golden files for the TypeScript networks: blocks, three tiny networks, the discriminator.

Everything comes from fixed seeds; no shared data. Layouts are the weights file's (kernels) and
[batch, height, width, channels] (activations); cubes are [height, width, bands].
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from . import safetensors
from .data import PACKAGE_ROOT
from .export import export_model
from .exported import ExportedModel
from .frame import aligned, fit, principal_rows, quantised, rotation
from .layers import ChannelNorm, SpectralAnalysis, SpectralSynthesis, SqueezeExcitation, conv, up
from .networks import Codec, Discriminator, LinearAnalysis, LinearSynthesis, ResidualBlock
from .spec import VARIANTS, Conv3dSpec, preset
from .triplet_net import FORMAT, TripletNet
from .weights import file_name_of, to_file_layout

GOLDEN = PACKAGE_ROOT.parent / "src" / "nn" / "golden"
HEIGHT, WIDTH = 40, 36
FRAME_PRECISION = [2, 3, 1, 4]
RATES = {"low": 0, "between": 150}


def randomised(module, seed):
    """Moves every parameter off its start value, so that no gain of 1 or bias of 0 hides a fault."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in module.named_parameters():
            noise = torch.randn(p.shape, generator=g)
            if name.endswith("gain"):
                p.copy_(1 + 0.3 * noise)
            elif p.ndim == 1:
                p.copy_(0.3 * noise)
            else:
                p.copy_(noise / p[0].numel() ** 0.5)
    return module.eval()


def _channels_last(x):
    return np.ascontiguousarray(x.permute(0, 2, 3, 1).numpy() if x.ndim == 4 else x.numpy())


def _weights(prefix, module):
    """Every parameter of `module` as float32 in the file's layout, named below `prefix`."""
    tensors = {}
    for path, value in module.named_parameters():
        name = file_name_of(path)
        name = name.removeprefix("conv.") if isinstance(module, SpectralAnalysis) else name
        name = "kernel" if name == "weight" else name
        tensors[f"{prefix}.{name}"] = np.ascontiguousarray(to_file_layout(name, value.detach()).numpy())
    return tensors


@torch.no_grad()
def blocks():
    """Weights, input and output of every building block."""
    tiny = {variant: preset("tiny", variant) for variant in VARIANTS}
    linear = tiny["hific-opt"]
    modules = {
        "conv_stride1": (conv(5, 7, 3), (1, 5, 9, 11)),
        "conv_stride2": (conv(5, 7, 3, 2), (1, 5, 10, 11)),
        "conv5_stride2": (conv(4, 6, 5, 2), (1, 4, 9, 10)),
        "transposed3": (up(6, 4, 3), (1, 6, 5, 7)),
        "transposed5": (up(6, 4, 5), (1, 6, 5, 7)),
        "channel_norm": (ChannelNorm(9), (1, 9, 4, 5)),
        "squeeze_excitation": (SqueezeExcitation(9, 2), (2, 9, 4, 5)),
        "residual_block": (ResidualBlock(linear, 6), (1, 6, 7, 5)),
        "residual_block_se": (ResidualBlock(tiny["hific-se"], 6), (1, 6, 7, 5)),
        "spectral_analysis": (SpectralAnalysis(16, Conv3dSpec(filters=2), 3), (1, 16, 6, 5)),
        "spectral_synthesis": (SpectralSynthesis(16, Conv3dSpec(filters=2), 3), (1, 8, 6, 5)),
        "bypass_analysis": (LinearAnalysis(linear), (1, 16, 32, 48)),
        "bypass_synthesis": (LinearSynthesis(linear), (1, 6, 2, 3)),
    }
    tensors = {}
    for i, (name, (module, shape)) in enumerate(modules.items()):
        module = randomised(module, 100 + i)
        x = torch.randn(shape, generator=torch.Generator().manual_seed(200 + i))
        tensors |= _weights(name, module)
        tensors |= {f"{name}.input": _channels_last(x), f"{name}.output": _channels_last(module(x))}
    return tensors


def test_cube(bands=16, height=HEIGHT, width=WIDTH):
    """A smooth 0..1 cube with some noise: float32 [bands, height, width]."""
    g = torch.Generator().manual_seed(7)
    b, y, x = torch.meshgrid(*(torch.arange(n) for n in (bands, height, width)), indexing="ij")
    cube = 0.45 + 0.25 * torch.sin(x / 5 + b / 6) * torch.cos(y / 7) + 0.1 * torch.sin(b / 2.0)
    return (cube + 0.03 * torch.randn(cube.shape, generator=g)).clamp(0, 1)


def with_band_std(spec):
    """The spec with a std of each band."""
    return replace(spec, input=replace(spec.input, std=tuple(0.15 + 0.05 * (band % 3) for band in range(spec.bands))))


def tiny_codec(variant, seed=11, band_std=False):
    """A randomised tiny codec whose latents, means and scales spread over several steps."""
    spec = preset("tiny", variant)
    codec = randomised(Codec(with_band_std(spec) if band_std else spec), seed)
    codec.set_frame(_tiny_frame(codec.spec))
    g = torch.Generator().manual_seed(seed + 1)
    steps = torch.linspace(1.2, 0.2, 5)[:, None]
    with torch.no_grad():
        codec.log_gains.copy_(-steps.log() + 0.2 * torch.randn(codec.log_gains.shape, generator=g))
        codec.hyper_scale.conv2.bias.add_(22 / codec.index_scale)
        codec.hyper_analysis.conv2.weight.mul_(2)
        codec.z_log_scale.fill_(0.3)
    return codec


def _tiny_frame(spec, seed=17):
    k, rows = spec.frame.components, spec.frame.rows
    g = torch.Generator().manual_seed(seed)
    basis = torch.linalg.qr(torch.randn(spec.bands, k, generator=g).double())[0].T.float()
    scenes = [2 * torch.randn(k, 8, 8, generator=g) / torch.arange(1, k + 1)[:, None, None] for _ in range(5)]
    return fit(basis, 0.3 * torch.randn(spec.bands, generator=g), scenes, rows)


def in_frame(codec, image):
    """(aligned standardised image, frame symbols [1 + rows, K], d [K], R [K, K]) of a 0..1 image."""
    x, frame = codec.standardise(image), codec.frame
    c = frame.coordinates(x)
    mean, rows, _ = principal_rows(c, frame.rows)
    mean, rows = quantised(frame, mean, rows, FRAME_PRECISION)
    symbols = np.round(np.concatenate([mean[None], rows]) / frame.steps_of(FRAME_PRECISION)[:, None])
    return frame.move(x, c, aligned(c, mean, rows)), symbols.astype(np.int32), mean, rotation(rows)


def out_of_frame(codec, x, mean, matrix):
    """The inverse of `in_frame` for a standardised image, in 0..1."""
    frame = codec.frame
    c = frame.coordinates(x)
    flat = torch.from_numpy(matrix.T).float() @ c.flatten(1) + torch.from_numpy(mean).float()[:, None]
    return codec.brightness(frame.move(x, c, flat.reshape(c.shape)))


def codec_of(variant):
    """The codec of a variant's golden files; the bands of HiFiC_3D's have a std each."""
    return tiny_codec(variant, band_std=variant == "hific-3d")


@torch.no_grad()
def network(variant):
    """(weights file bytes, tensors of one image through it at two rates)."""
    codec, cube = codec_of(variant), test_cube()
    images = torch.stack([in_frame(codec, cube.flip(i)[:, :32, :32])[0] for i in range(3)])
    data, _ = export_model(codec, images, {"steps": 0, "note": "random weights for tests"})
    model = ExportedModel(data)
    x, symbols, mean, matrix = in_frame(model.codec, cube)
    image = lambda value: np.ascontiguousarray(value.permute(1, 2, 0).numpy())
    tensors = {
        "cube": image(cube), "aligned": image(model.codec.brightness(x)), "frame.symbols": symbols,
        "frame.precision": np.array(FRAME_PRECISION, np.int32), "frame.shift": mean, "frame.rotation": matrix,
    }
    for name, r in RATES.items():
        e = model.encode(x, r)
        x_hat = model.decode(e.q, e.mean, r, HEIGHT, WIDTH)
        tensors["y"] = _channels_last(e.y)
        parts = {"s": e.s, "z": e.z, "zq": e.zq, "mean": e.mean, "y_hat": (e.q + e.mean) / model.gains(r)}
        tensors |= {f"{name}.{k}": _channels_last(v) for k, v in parts.items()}
        integers = {"index": e.index, "q": e.q, "mean64": e.mean * 64}
        tensors |= {f"{name}.{k}": _channels_last(v).astype(np.int32) for k, v in integers.items()}
        tensors[f"{name}.reconstruction"] = image(out_of_frame(model.codec, x_hat, mean, matrix))
        tensors[f"{name}.bits"] = np.array([e.y_bits, e.z_bits])
    return data, tensors


@torch.no_grad()
def discriminator():
    """Spectrally normalised weights, image, latents and logits."""
    d = randomised(Discriminator(16, 12, (4, 6, 8, 10)), 31).eval()
    g = torch.Generator().manual_seed(32)
    x, y = torch.rand(1, 16, 48, 32, generator=g), torch.randn(1, 12, 3, 2, generator=g)
    tensors = {"image": _channels_last(x), "latents": _channels_last(y), "logits": _channels_last(d(x, y))}
    for name, layer in d.named_children():
        if isinstance(layer, nn.Conv2d):
            tensors[f"{name}.kernel"] = np.ascontiguousarray(layer.weight.permute(2, 3, 1, 0).numpy())
            tensors[f"{name}.bias"] = layer.bias.numpy()
    return tensors


@torch.no_grad()
def triplet_net():
    """(weights file bytes, two pairs of images and their distances)."""
    net = randomised(TripletNet((12, 16, 20), 8), 41)
    # Distances of the size of the other terms of the GAN stage's objective.
    net.settle([0.05] * 3)
    g = torch.Generator().manual_seed(42)
    # Of 40 pixels the last stage sees one.
    a, b = torch.rand(2, 3, 40, 53, generator=g), torch.rand(2, 3, 40, 53, generator=g)
    tensors = net.tensors()
    data = safetensors.to_bytes(tensors, {"format": FORMAT})
    # The file holds float16.
    distance = TripletNet.of_file(data)(a, b)
    return data, {"a": _channels_last(a), "b": _channels_last(b), "distance": distance.numpy()}


def main():
    parser = argparse.ArgumentParser(description="Write the golden files that the TypeScript tests read.")
    parser.add_argument("--out", type=Path, default=GOLDEN)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    files = {"blocks": blocks(), "discriminator": discriminator()}
    for variant in VARIANTS:
        data, tensors = network(variant)
        (folder / f"tiny-{variant}.safetensors").write_bytes(data)
        files[f"tiny-{variant}-io"] = tensors
    data, files["triplet-net-io"] = triplet_net()
    (folder / "triplet-net.safetensors").write_bytes(data)
    for name, tensors in files.items():
        (folder / f"{name}.safetensors").write_bytes(safetensors.to_bytes(tensors))


if __name__ == "__main__":
    main()
