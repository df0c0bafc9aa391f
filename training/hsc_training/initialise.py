"""Data-driven start of a codec: spectral frame, linear bypass as a block-DCT codec, statistics.

From step 0 the network is a KLT + block DCT codec with uniform quantisers; the conv stacks start
near zero and learn what is not linear.
"""

import math

import torch
from torch import nn

from .entropy import SCALES, conditional_bits, noise_like
from .frame import fit, random_alignment
from .lapping import lap

MIDDLE_TARGET = 2
NEAR_ZERO = 0.02
# Hyper-latents that carry something from the start; with all of them small none ever would, with
# all of them large they would cost more than the lowest target rate.
BUSY_HYPER_LATENTS = 16


def quantiser_steps(lambdas):
    """Steps at which a uniform quantiser of an orthonormal transform has slope lambda [targets].

    High-rate theory: D = step^2 / 12 a coefficient, so -dD/dR = 2 ln 2 D.
    """
    return torch.tensor([math.sqrt(12 * value / (2 * math.log(2))) for value in lambdas])


def dct_basis(size):
    """Orthonormal 2-D DCT-II basis images [size * size, size, size]."""
    k, n = torch.arange(size).double()[:, None], torch.arange(size).double()[None]
    one = torch.cos(math.pi * (n + 0.5) * k / size) * math.sqrt(2 / size)
    one[0] /= math.sqrt(2)
    return torch.einsum("ay,bx->abyx", one, one).reshape(size * size, size, size).float()


def block_energies(c, block):
    """Mean squares [K, block * block] of the lapped block DCT of coordinates c [n, K, h, w]."""
    blocks = lap(c, block).unfold(2, block, block).unfold(3, block, block)
    return torch.einsum("nchwyx,fyx->nchwf", blocks, dct_basis(block)).square().mean((0, 2, 3))


def latent_counts(c, latents, components, block=16):
    """Latents of each component, the strongest coefficients of coordinates c: a `BypassSpec.counts`."""
    energy = block_energies(c[:, :components], block)
    chosen = energy.flatten().topk(latents).indices // energy.shape[1]
    return torch.bincount(chosen, minlength=components).tolist()


@torch.no_grad()
def initialise_bypass(codec, c):
    """Sets the block kernels of both bypass halves: each component's strongest DCT coefficients."""
    b = codec.spec.bypass
    energy, basis = block_energies(c[:, : b.components], b.block), dct_basis(b.block)
    order = [own.topk(count).indices.sort().values for own, count in zip(energy, b.counts)]
    kernel = torch.cat([basis[chosen] for chosen in order]).flatten(1)
    analysis, synthesis = codec.bypass_analysis, codec.bypass_synthesis
    analysis.blocks.kernel.copy_(kernel)
    synthesis.blocks.kernel.copy_(kernel)
    return torch.cat([own[chosen] for own, chosen in zip(energy, order)]).sqrt()


@torch.no_grad()
def initialise_axes(codec, images, axes):
    """Sets the spectral frame and the 1x1 ends of the bypass; arguments of `initialise`."""
    mean = codec.standardise(axes[0][:, None, None]).flatten()
    codec.set_frame(fit(axes[1], mean, _coordinates(codec, images, axes[1], mean), codec.spec.frame.rows))
    basis = codec.frame_basis[: codec.spec.bypass.components]
    codec.bypass_analysis.klt.weight.copy_(basis[:, :, None, None])
    codec.bypass_analysis.klt.bias.copy_(-basis @ mean)
    codec.bypass_synthesis.klt.weight.copy_(basis.T[:, :, None, None])
    codec.bypass_synthesis.klt.bias.copy_(mean)


@torch.no_grad()
def initialise(codec, images, axes, random):
    """Starts every part of `codec` from 0..1 images [n, bands, h, w] of the training set.

    `axes`: (mean [bands] in 0..1, orthonormal axes [K, bands]). The codec needs a frame and a bypass.
    """
    steps = quantiser_steps(codec.spec.lambdas)
    initialise_axes(codec, images, axes)
    x = codec.standardise(images)
    c = torch.stack([random_alignment(codec.frame, codec.frame.coordinates(one), random) for one in x])
    relu_start(codec.hyper_analysis, codec.hyper_mean, codec.hyper_scale)
    spread = initialise_bypass(codec, c)
    near_zero(codec.encoder.out)
    near_zero(codec.generator.out)
    near_zero(codec.generator.correction)
    initialise_detail(codec, c)
    codec.latent_scale.fill_(2 * steps[MIDDLE_TARGET])
    codec.latent_scale[: len(spread)] = spread
    codec.log_gains.copy_(-steps.log()[:, None].expand_as(codec.log_gains))
    codec.symbol_scale.copy_((codec.latent_scale / steps[MIDDLE_TARGET]).clamp(min=0.25))
    codec.context.scale.copy_(codec.symbol_scale)
    blocks = codec.bypass_analysis.blocks
    y = torch.zeros(len(c), codec.spec.latent_channels, c.shape[2] // 16, c.shape[3] // 16)
    y[:, : len(spread)] = blocks.analyse(blocks.lap(c[:, : codec.spec.bypass.components]))
    start_statistics(codec, y)


@torch.no_grad()
def initialise_detail(codec, c):
    """Starts the part of G that sees the linear synthesis' components, for aligned coordinates c."""
    codec.plane_scale.copy_(plane_spread(codec, c))
    near_zero(codec.generator.detail_out)


def plane_spread(codec, c):
    """Spreads [K] of the linear synthesis' components in aligned coordinates c."""
    return c[:, : codec.spec.bypass.components].std((0, 2, 3))


def _coordinates(codec, images, basis, mean):
    return [torch.einsum("kb,bhw->khw", basis, codec.standardise(x) - mean[:, None, None]) for x in images]


def start_statistics(codec, y):
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


def relu_start(*stacks):
    for stack in stacks:
        for layer in stack.children():
            fan = layer.weight[0].numel() if isinstance(layer, nn.Conv2d) else layer.weight[:, 0].numel() / 4
            nn.init.normal_(layer.weight, std=math.sqrt(2 / fan))
            nn.init.zeros_(layer.bias)


def near_zero(layer):
    layer.weight.mul_(NEAR_ZERO)
    layer.bias.zero_()
