"""HiFiC_opt, HiFiC_SE and HiFiC_3D for spatio-spectral compression, from one ArchitectureSpec.

    x --E--> y --gains g_k--> s --hyper-analysis--> z --Q--> zq --hyper-syntheses--> mean, index
             mean, index, s_hat of neighbours --context model--> mu, scale index
                              s --Q(s - mu) + mu--> s_hat --1/g_k--> y_hat --G--> x_hat

Source: Byju et al., "Generative Adversarial Networks for Spatio-Spectral Compression of
Hyperspectral Images" (Figure 1); hyperprior after Balle et al. 2018 and HiFiC, context model after
Minnen et al. 2018 and 2020. The linear bypass and the rate gains are the project's own
(docs/decisions.md).
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .context import ContextModel
from .frame import FrameModel
from .lapping import lap, unlap
from .layers import (
    ChannelNorm, SpectralAnalysis, SpectralConv, SpectralSynthesis, SpectralUp, SqueezeExcitation, conv, up
)

DOWNSAMPLING = 16
# Step of the way up, of four, after which the linear synthesis joins in: at half the image's size.
DETAIL_STAGE = 2


def _attention(spec, placement, channels):
    if spec.se is None or placement not in spec.se.placements:
        return nn.Identity()
    return SqueezeExcitation(channels, spec.se.reduction)


def stack_widths(spec):
    """Channels after each of E's convolutions, and before each of G's steps up in reverse."""
    if spec.conv3d is None:
        return spec.widths
    depth = spec.bands // spec.conv3d.stride
    first, inner = depth * spec.conv3d.filters, spec.widths[1:]
    if not _volumetric(spec):
        return (first, *inner)
    return (first, *(depth * max(1, int(width / depth + 0.5)) for width in inner))


def _volumetric(spec):
    return spec.conv3d is not None and spec.conv3d.placement == "all"


def _stack(spec, inputs, outputs, stride=1):
    """A 3x3 convolution of E or G between the ends: 3x3x3 where all of them are 3-D."""
    if not _volumetric(spec):
        return conv(inputs, outputs, 3, stride)
    depth = spec.bands // spec.conv3d.stride
    return SpectralConv(depth, inputs // depth, outputs // depth, 3, stride)


def _stack_up(spec, inputs, outputs):
    if not _volumetric(spec):
        return up(inputs, outputs, 3)
    depth = spec.bands // spec.conv3d.stride
    return SpectralUp(depth, inputs // depth, outputs // depth, 3)


class Encoder(nn.Module):
    """E's conv stack: standardised image [n, bands, h, w] -> [n, latents, h / 16, w / 16]."""

    def __init__(self, spec):
        super().__init__()
        widths = stack_widths(spec)
        self.se_input = _attention(spec, "input", spec.bands)
        if spec.conv3d is None:
            self.conv0 = conv(spec.bands, widths[0], spec.first_kernel)
        else:
            self.conv0 = SpectralAnalysis(spec.bands, spec.conv3d, spec.first_kernel)
        for i in range(1, 5):
            setattr(self, f"conv{i}", _stack(spec, widths[i - 1], widths[i], stride=2))
        for i, width in enumerate(widths):
            setattr(self, f"norm{i}", ChannelNorm(width))
            setattr(self, f"se{i}", _attention(spec, "encoder", width))
        self.out = _stack(spec, widths[-1], spec.latent_channels)

    def forward(self, x):
        x = self.se_input(x)
        for i in range(5):
            x = getattr(self, f"conv{i}")(x)
            x = F.relu(getattr(self, f"se{i}")(getattr(self, f"norm{i}")(x)))
        return self.out(x)


class ResidualBlock(nn.Module):
    """conv, norm, ReLU, conv, norm, + input."""

    def __init__(self, spec, width):
        super().__init__()
        self.conv1, self.norm1 = _stack(spec, width, width), ChannelNorm(width)
        self.conv2, self.norm2 = _stack(spec, width, width), ChannelNorm(width)
        self.se1, self.se2 = (_attention(spec, "generator", width) for _ in range(2))

    def forward(self, x):
        h = F.relu(self.se1(self.norm1(self.conv1(x))))
        return x + self.se2(self.norm2(self.conv2(h)))


class Generator(nn.Module):
    """G's conv stack: a trunk at the latents' resolution, then four steps up to the image.

    Beside a bypass the trunk sees asinh(s_hat), s_hat in quantiser steps, and the rate;
    `correction` gives what the bypass' latents are to be moved by, in steps, and at half the image's
    size the way up sees what the linear synthesis made of these.
    """

    def __init__(self, spec):
        super().__init__()
        widths = stack_widths(spec)
        deep = widths[-1]
        self.norm_in = ChannelNorm(spec.latent_channels)
        self.se_in = _attention(spec, "generator", spec.latent_channels)
        self.conv_in = _stack(spec, spec.latent_channels + (spec.bypass is not None), deep)
        self.norm_in2, self.se_in2 = ChannelNorm(deep), _attention(spec, "generator", deep)
        self.blocks = spec.residual_blocks
        for i in range(self.blocks):
            setattr(self, f"block{i}", ResidualBlock(spec, deep))
        for i in range(4):
            width = widths[3 - i]
            setattr(self, f"up{i}", _stack_up(spec, widths[4 - i], width))
            setattr(self, f"upnorm{i}", ChannelNorm(width))
            setattr(self, f"upse{i}", _attention(spec, "generator", width))
        if spec.conv3d is None:
            self.out = conv(widths[0], spec.bands, spec.last_kernel)
        else:
            self.out = SpectralSynthesis(spec.bands, spec.conv3d, spec.last_kernel)
        if spec.bypass is not None:
            self.correction = conv(deep, spec.bypass.latents, 1)
            fine = widths[4 - DETAIL_STAGE - 1]
            self.detail_planes = conv(spec.bypass.components, fine, 5, stride=2)
            self.detail_features, self.detail_out = conv(fine, fine, 3), conv(fine, fine, 3)
            self.detail_se = _attention(spec, "generator", fine)

    def trunk(self, latents, position=None):
        """Features [n, deep, h / 16, w / 16] of latents and, beside a bypass, rate positions [n]."""
        x = self.se_in(self.norm_in(latents))
        if position is not None:
            x = torch.cat([x, position.view(-1, 1, 1, 1).expand(-1, 1, *x.shape[2:])], 1)
        head = self.se_in2(self.norm_in2(self.conv_in(x)))
        x = head
        for i in range(self.blocks):
            x = getattr(self, f"block{i}")(x)
        return x + head

    def image(self, x, planes=None):
        """The trunk's features -> standardised image [n, bands, h, w].

        planes: the linear synthesis' components [n, K, h, w] in units of their spread.
        """
        for i in range(4):
            x = getattr(self, f"up{i}")(x)
            x = F.relu(getattr(self, f"upse{i}")(getattr(self, f"upnorm{i}")(x)))
            if i == DETAIL_STAGE and planes is not None:
                x = x + self.detail(x, planes)
        return self.out(x)

    def detail(self, x, planes):
        """What the linear synthesis' components add to features x [n, fine, h / 2, w / 2]."""
        h = F.relu(self.detail_se(self.detail_features(x) + self.detail_planes(planes)))
        return self.detail_out(h)


class BlockKernels(nn.Module):
    """One block x block kernel for each latent of each spectral component, stride block.

    Components are lapped before `analyse` and unlapped after `synthesise`, so that blocks overlap;
    that is orthogonal, and errors between the two are errors in the image.
    """

    def __init__(self, spec):
        super().__init__()
        b = spec.bypass
        self.counts, self.block = b.counts, b.block
        self.kernel = nn.Parameter(torch.randn(b.latents, b.block**2) / b.block)

    def lap(self, components, visible=None):
        return lap(components, self.block, visible)

    def unlap(self, components, visible=None):
        return unlap(components, self.block, visible)

    def analyse(self, components):
        """[n, components, h, w] -> [n, latents, h / block, w / block]."""
        n, _, h, w = components.shape
        b = self.block
        blocks = components.reshape(n, -1, h // b, b, w // b, b).permute(1, 0, 2, 4, 3, 5).flatten(4)
        parts = [own @ kernel.T for own, kernel in zip(blocks, self.kernel.split(self.counts))]
        return torch.cat(parts, 3).permute(0, 3, 1, 2)

    def synthesise(self, y):
        """The transpose: [n, latents, h, w] -> [n, components, h * block, w * block]."""
        n, _, h, w = y.shape
        b, counts = self.block, [count for count in self.counts if count]
        parts = zip(y.permute(0, 2, 3, 1).split(counts, 3), self.kernel.split(counts))
        # Components without latents are zero; other runtimes know no tensors of no values.
        silent = y.new_zeros(n, h, w, b * b)
        blocks = torch.stack([torch.matmul(*next(parts)) if count else silent for count in self.counts], 1)
        return blocks.reshape(n, -1, h, w, b, b).permute(0, 1, 2, 4, 3, 5).reshape(n, -1, h * b, w * b)


class LinearAnalysis(nn.Module):
    """Bypass of E: spectral KLT (1x1), then a block transform of every component."""

    def __init__(self, spec):
        super().__init__()
        self.klt = nn.Conv2d(spec.bands, spec.bypass.components, 1)
        self.blocks = BlockKernels(spec)

    def forward(self, x, visible=None):
        return self.blocks.analyse(self.blocks.lap(self.klt(x), visible))


class LinearSynthesis(nn.Module):
    """Bypass of G: the transpose of `LinearAnalysis`."""

    def __init__(self, spec):
        super().__init__()
        self.blocks = BlockKernels(spec)
        self.klt = nn.Conv2d(spec.bypass.components, spec.bands, 1)

    def planes(self, y, visible=None):
        """[n, latents, h, w] -> components [n, K, h * block, w * block]."""
        return self.blocks.unlap(self.blocks.synthesise(y), visible)

    def forward(self, y):
        return self.klt(self.planes(y))


class HyperAnalysis(nn.Module):
    """3x3, 5x5 down 2, 5x5 down 2, ReLU between."""

    def __init__(self, spec):
        super().__init__()
        f = spec.hyper_filters
        self.conv0 = conv(spec.latent_channels, f, 3)
        self.conv1, self.conv2 = conv(f, f, 5, stride=2), conv(f, f, 5, stride=2)

    def forward(self, s):
        return self.conv2(F.relu(self.conv1(F.relu(self.conv0(s)))))


class HyperSynthesis(nn.Module):
    """5x5 up 2, 5x5 up 2, 3x3 -> latents, ReLU between."""

    def __init__(self, spec):
        super().__init__()
        f = spec.hyper_filters
        self.conv0, self.conv1 = up(f, f, 5), up(f, f, 5)
        self.conv2 = conv(f, spec.latent_channels, 3)

    def forward(self, z):
        return self.conv2(F.relu(self.conv1(F.relu(self.conv0(z)))))


class Codec(nn.Module):
    """E, G, rate gains, hyperprior and context model of one variant.

    Images are standardised and, where the spec has a frame, aligned (`frame.py`).

    `latent_scale`, `index_scale` and `plane_scale` are fixed factors that keep the weights of latents
    and components of very different size at like magnitude while training; export folds them into
    the kernels.
    """

    index_scale = 8.0

    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        targets = len(spec.target_rates)
        self.encoder, self.generator = Encoder(spec), Generator(spec)
        if spec.bypass is not None:
            self.bypass_analysis, self.bypass_synthesis = LinearAnalysis(spec), LinearSynthesis(spec)
        self.hyper_analysis = HyperAnalysis(spec)
        self.hyper_mean, self.hyper_scale = HyperSynthesis(spec), HyperSynthesis(spec)
        self.context = ContextModel(spec)
        self.log_gains = nn.Parameter(torch.zeros(targets, spec.latent_channels))
        self.z_mean = nn.Parameter(torch.zeros(targets, spec.hyper_filters))
        self.z_log_scale = nn.Parameter(torch.zeros(targets, spec.hyper_filters))
        self.register_buffer("band_std", torch.as_tensor(spec.input.std).view(-1, 1, 1), persistent=False)
        self.register_buffer("latent_scale", torch.ones(spec.latent_channels))
        self.register_buffer("symbol_scale", torch.ones(spec.latent_channels))
        if spec.bypass is not None:
            self.register_buffer("plane_scale", torch.ones(spec.bypass.components))
        if spec.frame is not None:
            k, rows = spec.frame.components, spec.frame.rows + 1
            self.register_buffer("frame_basis", torch.eye(k, spec.bands))
            self.register_buffer("frame_mean", torch.zeros(spec.bands))
            self.register_buffer("frame_step", torch.ones(rows))
            self.register_buffer("frame_index", torch.zeros(rows, k))

    @property
    def frame(self):
        """The spectral frame's model, on the CPU, None where the spec has none."""
        if self.spec.frame is None:
            return None
        basis, mean, step, index = (getattr(self, f"frame_{name}").cpu() for name in ("basis", "mean", "step", "index"))
        return FrameModel(basis, mean, step.double().numpy(), index.numpy().astype(np.uint8))

    @property
    def device(self):
        return self.log_gains.device

    def set_frame(self, model):
        values = (model.basis, model.mean, torch.from_numpy(model.step), torch.from_numpy(model.index))
        for name, value in zip(("basis", "mean", "step", "index"), values):
            getattr(self, f"frame_{name}").copy_(value)

    def attention_weights(self):
        """Weights of all SE layers, which the paper keeps sparse by l1 regularisation."""
        blocks = [m for m in self.modules() if isinstance(m, SqueezeExcitation)]
        return [layer.weight for block in blocks for layer in (block.fc1, block.fc2)]

    def standardise(self, x):
        """0..1 image -> standardised image."""
        return (x - self.spec.input.mean) / self.band_std

    def brightness(self, x):
        """The inverse of `standardise`."""
        return x * self.band_std + self.spec.input.mean

    def analyse(self, x, visible=None):
        """Standardised [n, bands, h, w], sides multiples of 16 -> latents y [n, latents, h/16, w/16].

        visible: (height, width) of what is not padding, all by default; likewise in `synthesise`.
        """
        y = self.encoder(x) * self.latent_scale.view(-1, 1, 1)
        if self.spec.bypass is None:
            return y
        return y + self.widened(self.bypass_analysis(x, visible))

    def widened(self, linear):
        """The bypass' latents followed by zeros for those that it does not give."""
        n, own, h, w = linear.shape
        return torch.cat([linear, linear.new_zeros(n, self.spec.latent_channels - own, h, w)], 1)

    def synthesise(self, y, position, visible=None):
        """Latents y_hat coded at rate positions [n] -> standardised image."""
        if self.spec.bypass is None:
            return self.generator.image(self.generator.trunk(y))
        return sum(self.halves(y, position, visible))

    def halves(self, y, position, visible=None):
        """(what G's conv stack, what the linear synthesis makes) of latents y_hat beside a bypass."""
        features, corrected = self.correct(y, position)
        planes = self.bypass_synthesis.planes(corrected, visible)
        made = self.generator.image(features, planes / self.plane_scale.view(-1, 1, 1))
        return made, self.bypass_synthesis.klt(planes)

    def correct(self, y, position):
        """(G's trunk, the bypass' latents as the trunk corrects them) of latents y_hat."""
        gains, own = self.gains(position), self.spec.bypass.latents
        features = self.generator.trunk(torch.asinh(y * gains), position)
        return features, y[:, :own] + self.generator.correction(F.relu(features)) / gains[:, :own]

    def gains(self, position):
        """Gains [n, latents, 1, 1] at rate positions [n] in 0..targets - 1, log-linear between."""
        last = len(self.spec.target_rates) - 1
        low = position.floor().clamp(0, max(last - 1, 0)).long()
        share = (position - low)[:, None]
        high = (low + 1).clamp(max=last)
        return (self.log_gains[low] * (1 - share) + self.log_gains[high] * share).exp()[:, :, None, None]

    def hyper_encode(self, s):
        return self.hyper_analysis(s / self.symbol_scale.view(-1, 1, 1))

    def hyper_decode(self, z, height, width):
        """Means (units of s) and real-valued scale indices, each [n, latents, height, width]."""
        mean = self.hyper_mean(z)[:, :, :height, :width] * self.symbol_scale.view(-1, 1, 1)
        return mean, self.hyper_scale(z)[:, :, :height, :width] * self.index_scale


class Discriminator(nn.Module):
    """Single-scale conditional discriminator (training only): (image, latents) -> patch logits.

    Latents -> 3x3x12, LeakyReLU, nearest x16, joined to the image; 4x4 convs 64, 128, 256 (stride
    2), 512, 1, LeakyReLU 0.2, spectral norm. 4x4 kernels pad as TensorFlow's `same`: sizes are
    ceil(n / stride).
    """

    def __init__(self, bands, latents, widths=(64, 128, 256, 512)):
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        self.condition = norm(nn.Conv2d(latents, 12, 3, padding=1))
        channels = (bands + 12, *widths, 1)
        self.strides = (2, 2, 2, 1, 1)
        for i, stride in enumerate(self.strides):
            setattr(self, f"conv{i}", norm(nn.Conv2d(channels[i], channels[i + 1], 4, stride)))

    def forward(self, x, y):
        c = F.leaky_relu(self.condition(y), 0.2)
        h = torch.cat([x, F.interpolate(c, scale_factor=DOWNSAMPLING, mode="nearest")], 1)
        for i in range(5):
            h = getattr(self, f"conv{i}")(F.pad(h, (1, 2, 1, 2)))
            h = F.leaky_relu(h, 0.2) if i < 4 else h
        return h


def parameter_count(module):
    return sum(p.numel() for p in module.parameters())
