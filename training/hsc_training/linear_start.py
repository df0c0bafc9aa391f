"""A start for the hyperprior's transforms (`hyperprior.py`) at which they already code: linear and nearly orthogonal.

From random kernels the four layers each way spend their first thousands of steps on becoming an invertible
transform. Here every layer starts as the principal components of 2 x 2 blocks of what the layer before
puts out, and the decoder's as their transposes.
"""

import math

import torch

from .hyperprior import STD, Gdn

# The two of five taps, in either direction, that make blocks of 2 x 2 without overlap.
FIRST_TAP = 2
# A decoder's normalisation undoes the encoder's only to first order: at full size bright pixels come out darker, and
# held-back crops at 28.1 dB without a quantiser, with this at 35.0, the most there is.
SIZE = 0.25


@torch.no_grad()
def start_linear(net, groups):
    """Sets encoder, decoder and gains of `net` (Hyperprior) from standardised images of groups [n, group, h, w].

    Normalisations divide by what brings signals back to the root mean square of a pixel's bands, times `SIZE`; gains
    make quantiser steps those of the least of bits / lambda + squared error at high rates.
    """
    x, shrink = groups, SIZE / (2 * math.sqrt(net.spec.group))
    scale = 1.0
    for encode, decode in zip(net.encoder, reversed(net.decoder)):
        if isinstance(encode, Gdn):
            encode.root_beta.fill_(1 / shrink)
            decode.root_beta.fill_(1 / shrink)
            scale, shrink = scale * shrink, 0.5
        else:
            axes = _principal_axes(x, encode.out_channels)
            _place(encode, axes)
            _place(decode, axes)
        x = encode(x)
    lambdas = torch.tensor(net.spec.lambdas)
    steps = (12 * net.spec.group / (2 * math.log(2) * lambdas)).sqrt()
    net.log_gains.copy_((STD / scale / steps).log()[:, None].expand_as(net.log_gains))


def _principal_axes(x, count):
    """[count, channels, 2, 2], orthonormal: those of the 2 x 2 blocks of x [n, channels, h, w], about the origin."""
    blocks = torch.nn.functional.pixel_unshuffle(x, 2)
    vectors = torch.linalg.eigh(torch.einsum("nchw,ndhw->cd", blocks, blocks).double())[1].flip(1)
    if count > vectors.shape[1]:
        raise ValueError(f"{count} feature maps of blocks of {vectors.shape[1]} values.")
    return vectors[:, :count].T.float().reshape(count, -1, 2, 2)


def _place(layer, axes):
    """Kernels of a strided convolution, or of the transposed one that goes back, which see `axes` alone."""
    taps = slice(FIRST_TAP, FIRST_TAP + 2)
    layer.weight.zero_()
    layer.weight[:, :, taps, taps] = axes
    layer.bias.zero_()
