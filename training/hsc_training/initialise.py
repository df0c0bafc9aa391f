"""Data-driven start of a codec: the linear bypass as a block-DCT transform codec, and statistics.

From step 0 the network is a KLT + block DCT codec with uniform quantisers; the conv stacks start
near zero and learn what is not linear.
"""

import math

import torch
from torch import nn

from .entropy import SCALES, conditional_bits, noise_like

# Quantiser steps of the five target rates, in units of the standardised image under orthonormal
# transforms, and the step the statistics below are measured at.
STEPS = (22.0, 13.0, 8.5, 6.0, 4.6)
MIDDLE_TARGET = 2
NEAR_ZERO = 0.02
# Hyper-latents that carry something from the start; with all of them small none ever would, with
# all of them large they would cost more than the lowest target rate.
BUSY_HYPER_LATENTS = 16


def principal_components(x, count):
    """(mean [bands], components [count, bands], orthonormal rows) of x [n, bands, h, w]."""
    spectra = x.permute(1, 0, 2, 3).reshape(x.shape[1], -1).double()
    mean = spectra.mean(1, keepdim=True)
    covariance = (spectra - mean) @ (spectra - mean).T / spectra.shape[1]
    _, vectors = torch.linalg.eigh(covariance)
    return mean[:, 0].float(), vectors.flip(1)[:, :count].T.float().contiguous()


def dct_basis(size):
    """Orthonormal 2-D DCT-II basis images [size * size, size, size]."""
    k, n = torch.arange(size).double()[:, None], torch.arange(size).double()[None]
    one = torch.cos(math.pi * (n + 0.5) * k / size) * math.sqrt(2 / size)
    one[0] /= math.sqrt(2)
    return torch.einsum("ay,bx->abyx", one, one).reshape(size * size, size, size).float()


@torch.no_grad()
def initialise_bypass(codec, x):
    """Sets both bypass halves from standardised images x [n, bands, h, w]."""
    b = codec.spec.bypass
    mean, components = principal_components(x, b.components)
    klt = torch.einsum("cb,nbhw->nchw", components, x - mean.view(-1, 1, 1))
    blocks = klt.unfold(2, b.block, b.block).unfold(3, b.block, b.block)
    basis = dct_basis(b.block)
    energy = torch.einsum("nchwyx,fyx->nchwf", blocks, basis).square().mean((0, 2, 3))
    chosen = energy.flatten().topk(b.latents).indices
    kernel = torch.zeros(b.latents, b.components, b.block, b.block)
    kernel[torch.arange(b.latents), chosen // len(basis)] = basis[chosen % len(basis)]
    analysis, synthesis = codec.bypass_analysis, codec.bypass_synthesis
    analysis.klt.weight.copy_(components[:, :, None, None])
    analysis.klt.bias.copy_(-components @ mean)
    analysis.conv.weight.copy_(kernel)
    synthesis.conv.weight.copy_(kernel)
    synthesis.klt.weight.copy_(components.T[:, :, None, None])
    synthesis.klt.bias.copy_(mean)


@torch.no_grad()
def initialise(codec, images):
    """Starts every part of `codec` from 0..1 images [n, bands, h, w] of the training set."""
    x = codec.standardise(images)
    _relu_start(codec.hyper_analysis, codec.hyper_mean, codec.hyper_scale)
    if codec.spec.bypass is not None:
        initialise_bypass(codec, x)
        _near_zero(codec.encoder.out)
        _near_zero(codec.generator.out)
        latents = codec.spec.bypass.latents
        linear = codec.bypass_analysis(x)
        codec.latent_scale.fill_(2 * STEPS[MIDDLE_TARGET])
        codec.latent_scale[:latents] = linear.std((0, 2, 3))
    codec.log_gains.copy_(-torch.tensor(STEPS).log()[:, None].expand_as(codec.log_gains))
    codec.symbol_scale.copy_((codec.latent_scale / STEPS[MIDDLE_TARGET]).clamp(min=0.25))
    _initialise_statistics(codec, images)


def _initialise_statistics(codec, images):
    y = codec.analyse(images)
    codec.generator.norm_in.gain.copy_(1 / codec.generator.norm_in(y).std((0, 2, 3)).clamp(min=0.05))
    s = y * codec.gains(torch.full((len(y),), float(MIDDLE_TARGET)))
    for head in (codec.hyper_mean, codec.hyper_scale):
        head.conv2.weight.mul_(0.1)
        nn.init.zeros_(head.conv2.bias)
    codec.hyper_scale.conv2.bias.copy_(_cheapest_index(y, codec.log_gains.exp()) / codec.index_scale)
    z = codec.hyper_encode(s)
    spread = torch.where(torch.arange(z.shape[1]) < BUSY_HYPER_LATENTS, 2.0, 0.3)
    codec.hyper_analysis.conv2.weight.mul_((spread / z.std((0, 2, 3)).clamp(min=1e-3)).view(-1, 1, 1, 1))
    codec.z_log_scale.copy_((spread / 1.8 + 0.1).log().expand_as(codec.z_log_scale))


def _cheapest_index(y, gains):
    """The one scale index per latent [latents] that codes y [n, latents, h, w] at all gains cheapest."""
    s = (y[:, None] * gains[:, :, None, None]).flatten(0, 1)
    s = s + noise_like(s)
    bits = [conditional_bits(s, torch.tensor(float(i))).mean((0, 2, 3)) for i in range(SCALES)]
    return torch.stack(bits).argmin(0).float()


def _relu_start(*stacks):
    for stack in stacks:
        for layer in stack.children():
            fan = layer.weight[0].numel() if isinstance(layer, nn.Conv2d) else layer.weight[:, 0].numel() / 4
            nn.init.normal_(layer.weight, std=math.sqrt(2 / fan))
            nn.init.zeros_(layer.bias)


def _near_zero(layer):
    layer.weight.mul_(NEAR_ZERO)
    layer.bias.zero_()
