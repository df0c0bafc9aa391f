"""Context model of the latents: means and scales from the neighbours already coded.

Positions go in raster order, at each the channels in slices. What is known of a latent is its
neighbours left, above, above left and above right, the slices before its own at its position, the
hyper-syntheses' mean and scale index, and the rate. docs/bitstream.md, section 8.
"""

import torch
import torch.nn.functional as F
from torch import nn

NEIGHBOURS = ((0, -1), (-1, 0), (-1, -1), (-1, 1))
INDEX_UNIT = 16.0
# Passes that settle the quantised latents that stand in for the coded ones while training.
PASSES = 1
# Keeps the root's gradient finite at zero.
SMALL = 1e-6


def slice_of_channel(channels, slices):
    """Slice of each channel [channels]: slice s covers floor(s C / S) ... floor((s + 1) C / S) - 1."""
    starts = [s * channels // slices for s in range(slices + 1)]
    return torch.cat([torch.full((b - a,), s) for s, (a, b) in enumerate(zip(starts, starts[1:]))])


class ContextModel(nn.Module):
    """Corrections of the hyper-syntheses' means and scale indices.

    Latents are seen in units of `scale` [channels] (a typical latent's size) and as the root of
    their magnitude in quantiser steps.
    """

    index_factor = 8.0

    def __init__(self, spec):
        super().__init__()
        c, own = spec.latent_channels, spec.context
        hidden = own.slices * own.slice_width
        self.into = nn.Linear(10 * c + 1, own.width)
        self.hidden = nn.Linear(own.width + 2 * c, hidden)
        self.out = nn.Parameter(torch.randn(2 * c, own.slice_width) * 0.1 / own.slice_width**0.5)
        self.out_bias = nn.Parameter(torch.zeros(2 * c))
        of_channel = slice_of_channel(c, own.slices)
        of_hidden = torch.arange(hidden) // own.slice_width
        earlier = (of_channel[None] < of_hidden[:, None]).float()
        mask = torch.cat([torch.ones(hidden, own.width), earlier, earlier], 1)
        self.register_buffer("mask", mask, persistent=False)
        rows = of_channel[:, None] * own.slice_width + torch.arange(own.slice_width)
        self.register_buffer("rows", rows.repeat(2, 1), persistent=False)
        self.register_buffer("scale", torch.ones(c))
        with torch.no_grad():
            self.hidden.weight.mul_(2)

    def masked_hidden(self):
        return self.hidden.weight * self.mask

    def placed_out(self):
        """The out layer as a matrix over all slices' hidden units [2 C, S U]."""
        whole = self.out.new_zeros(len(self.out), self.mask.shape[0])
        return whole.scatter(1, self.rows, self.out)

    def activations(self, latents, mean, index, position):
        """The context [n, H, h, w] and all slices' hidden units [n, S U, h, w]; arguments of `forward`."""
        n, _, h, w = latents.shape
        scale = self.scale.view(-1, 1, 1)
        linear, root = latents / scale, (latents.abs() + SMALL).sqrt()
        both = F.pad(torch.cat([linear, root], 1), (1, 1, 1, 0))
        near = [both[:, :, 1 + dy : 1 + dy + h, 1 + dx : 1 + dx + w] for dy, dx in NEIGHBOURS]
        rate = position.view(-1, 1, 1, 1).expand(n, 1, h, w)
        seen = torch.cat([*near, mean / scale, index / INDEX_UNIT, rate], 1)
        context = F.relu(F.conv2d(seen, self.into.weight[:, :, None, None], self.into.bias))
        inputs = torch.cat([context, linear, root], 1)
        return context, F.relu(F.conv2d(inputs, self.masked_hidden()[:, :, None, None], self.hidden.bias))

    def forward(self, latents, mean, index, position):
        """Means and indices [n, C, h, w] given quantised latents, hyper outputs (steps, indices).

        position [n]: rate position, 0 ... targets - 1.
        """
        c, scale = latents.shape[1], self.scale.view(-1, 1, 1)
        _, hidden = self.activations(latents, mean, index, position)
        out = F.conv2d(hidden, self.placed_out()[:, :, None, None], self.out_bias)
        return mean + out[:, :c] * scale, index + out[:, c:] * self.index_factor

    def coded(self, s, mean, index, position, passes, choose):
        """Quantised latents as a decoder knows them, up to `passes` rounds of settling, no gradient.

        choose: symbols of (residuals s - mu, scale indices).
        """
        with torch.no_grad():
            known = choose(s - mean, index) + mean
            for _ in range(passes):
                own_mean, own_index = self(known, mean, index, position)
                known = choose(s - own_mean, own_index) + own_mean
        return known
