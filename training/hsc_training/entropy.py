"""Probability models of the latents and hyper-latents while training, and their rate in bits."""

import math

import torch

from .context import PASSES
from .objective import lambdas_at
from .scales import LOG_STEP, SCALE_MIN, SCALES
from .networks import DOWNSAMPLING

# The conditional's shape: a Gaussian with a share of logistic tails, which images need and which
# keeps gradients alive for values many sigmas away.
TAIL_SHARE = 0.1
SMALLEST = 1e-30
# Share of a bit's worth that rounding weighs in while training. Encoders fit latents to the image one
# after the other (`src/codecs/hific/tileFit.ts`) and can afford more.
RDO_SHARE = 0.45


class _Clamp(torch.autograd.Function):
    """Clamp whose gradient also passes where it would move a value back inside."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.range = low, high
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, gradient):
        (x,), (low, high) = ctx.saved_tensors, ctx.range
        blocked = ((x < low) & (gradient > 0)) | ((x > high) & (gradient < 0))
        return gradient.masked_fill(blocked, 0), None, None


def sigma_of_index(index):
    """Scale in quantiser steps of a (real-valued) scale index 0..63."""
    return SCALE_MIN * torch.exp(index * LOG_STEP)


def _logistic_bin(distance, scale):
    return torch.sigmoid((0.5 - distance) / scale) - torch.sigmoid((-0.5 - distance) / scale)


def conditional_probability(residual, sigma):
    """Probability of the unit bin around `residual` for scale `sigma` (both in quantiser steps)."""
    distance = residual.abs()
    root = sigma * math.sqrt(2)
    gauss = 0.5 * (torch.erfc((distance - 0.5) / root) - torch.erfc((distance + 0.5) / root))
    return (1 - TAIL_SHARE) * gauss + TAIL_SHARE * _logistic_bin(distance, sigma)


def conditional_bits(residual, index):
    """Bits of every latent: residual = s - mu (noisy or rounded), index the real scale index."""
    sigma = sigma_of_index(_Clamp.apply(index, 0.0, SCALES - 1.0))
    return -torch.log2(conditional_probability(residual, sigma).clamp(min=SMALLEST))


def prior_bits(z, mean, log_scale):
    """Bits of hyper-latents [n, c, h, w] under a logistic prior with parameters [n, c]."""
    distance = (z - mean[:, :, None, None]).abs()
    probability = _logistic_bin(distance, log_scale.exp()[:, :, None, None])
    return -torch.log2(probability.clamp(min=SMALLEST))


def noise_like(x):
    return torch.rand_like(x) - 0.5


def straight_through(value, quantised):
    """`quantised` forwards, the gradient of `value` backwards."""
    return value + (quantised - value).detach()


def rounded(x):
    """Quantisation to integers as encoder and decoder do it."""
    return (x + 0.5).floor().detach()


def trained(noisy, exact):
    """The value and gradient of `exact` plus the gradient of `noisy` alone."""
    return exact + noisy - noisy.detach()


def rdo_rounded(residual, index, weight):
    """Symbols of residuals s - mu as the encoder chooses them (`src/codecs/hific/symbolChoice.ts`).

    Of the nearest integer, its neighbour towards zero and zero the one with the least squared
    error in steps plus `weight` times its bits.
    """
    with torch.no_grad():
        best = (residual + 0.5).floor()
        least = (residual - best).square() + weight * conditional_bits(best, index)
        for symbol in (best - best.sign(), torch.zeros_like(best)):
            cost = (residual - symbol).square() + weight * conditional_bits(symbol, index)
            best, least = torch.where(cost < least, symbol, best), torch.minimum(cost, least)
        return best


def rdo_weights(codec, position, share):
    """That share of the squared error in steps that a bit is worth, [n, latents, 1, 1]."""
    lambdas = lambdas_at(codec.spec.lambdas, position).view(-1, 1, 1, 1)
    return (share * lambdas * codec.gains(position).square()).detach()


def rounding_at(codec, position, share):
    """The encoder's rounding at rate positions [n]: (residual, index) [n, latents, h, w] -> symbols."""
    weight = rdo_weights(codec, position, share)
    return lambda residual, index: rdo_rounded(residual, index, weight)


def rate_of_latents(codec, y, position, share=RDO_SHARE):
    """(y_hat, bits per pixel [n], bits per pixel of z [n]) of latents y [n, latents, h, w].

    Latents learn from additive uniform noise, their scales from the rounded symbols that these
    will code: noise costs a latent that is always zero 0.15 bits, a third of the smallest target
    rate. The rate returned is that of the symbols that an encoder chooses. y_hat has the straight-through
    gradient. position [n]: rate positions, 0 ... targets - 1; share: of a bit's worth, in the choice.
    """
    pixels = y.shape[2] * y.shape[3] * DOWNSAMPLING**2
    gains, target = codec.gains(position), (position + 0.5).floor().long()
    s = y * gains
    z = codec.hyper_encode(s)
    prior = codec.z_mean[target], codec.z_log_scale[target]
    z_bits = prior_bits(z + noise_like(z), *prior).sum((1, 2, 3)) / pixels
    hyper = codec.hyper_decode(straight_through(z, rounded(z)), *s.shape[2:])
    choose = rounding_at(codec, position, share)
    known = codec.context.coded(s, *hyper, position, PASSES, choose)
    mean, index = codec.context(straight_through(s, known), *hyper, position)
    noisy = conditional_bits(s + noise_like(s) - mean, index.detach())
    symbols = choose(s - mean, index)
    y_bits = trained(noisy, conditional_bits(symbols, index)).sum((1, 2, 3)) / pixels
    return straight_through(s, symbols + mean) / gains, y_bits + z_bits, z_bits


def rate_and_reconstruction(codec, x, position):
    """(x_hat, bits per pixel [n], bits per pixel of z [n]) of standardised images x [n, bands, h, w]."""
    y_hat, bpp, z_bpp = rate_of_latents(codec, codec.analyse(x), position)
    return codec.synthesise(y_hat, position), bpp, z_bpp
