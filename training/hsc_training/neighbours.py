"""Learned codecs of a fixed compression ratio, the neighbours that HiFiC is compared with.

Three convolutional autoencoders on images of 0..1: `cae-1d` (Kuester, Gross and Middelmann, ISPRS
Archives XLIII-B1-2021, 15-21), `sscnet` (La Grassa et al., Remote Sensing 14(10) 2472, 2022) and
`cae-3d` (Chong, Chen and Pan, J. Electronic Imaging 30(4) 041403, 2021). Each maps an image
[n, bands, h, w] to latents [n, components, h / stride, w / stride] and back.

The papers leave the latents as floats. Here they are quantised, each component with a step of its
own: a share of its spread over the training images, which is tracked while training.
"""

from dataclasses import dataclass

import torch
from torch import nn

BANDS = 128
# A component's quantiser step as a share of its standard deviation.
STEP_SHARE = 1 / 16
# Share of a batch in the running spread of the latents.
SPREAD_RATE = 0.01
LEAST_SPREAD = 1e-3
# PyTorch's first slope of PReLU.
PRELU = 0.25


@dataclass(frozen=True)
class Widths:
    """Feature maps of a network; `latents`: those of the innermost layer."""

    hidden: tuple[int, ...]
    latents: int


# As published, but for SSCNet: 256, 512 and 1024 maps there are 27 MB of weights in float16.
STUDIO = {"cae-1d": Widths((64, 32, 16), 1), "sscnet": Widths((80, 160), 512), "cae-3d": Widths((16, 32), 16)}
TINY = {"cae-1d": Widths((4, 3, 2), 1), "sscnet": Widths((5, 6), 7), "cae-3d": Widths((3, 4), 2)}


class Neighbour(nn.Module):
    """One autoencoder: `encoder`, `decoder`, `head` (the last layers, whose precision shows)."""

    stride: int

    def __init__(self, widths, bands):
        super().__init__()
        self.widths, self.bands = widths, bands
        self.register_buffer("spread", torch.ones(self.components))

    @property
    def components(self):
        """Latents at every position."""
        raise NotImplementedError

    def analyse(self, x):
        """[n, bands, h, w] -> [n, components, h / stride, w / stride]."""
        return self.encoder(x)

    def synthesise(self, y):
        """The reverse of `analyse`; 0..1 but for overshoot."""
        inner = self.decoder(y)
        with torch.autocast(inner.device.type, enabled=False):
            return self.head(inner.float())

    @property
    def steps(self):
        """Quantiser steps [components, 1, 1]."""
        return (STEP_SHARE * self.spread.clamp(min=LEAST_SPREAD))[:, None, None]

    def forward(self, x):
        """Reconstruction; while training with noise of one step in place of the quantiser."""
        y = self.analyse(x).float()
        if not self.training:
            return self.synthesise((y / self.steps).round() * self.steps)
        with torch.no_grad():
            self.spread.lerp_(y.std((0, 2, 3)), SPREAD_RATE)
        return self.synthesise(y + (torch.rand_like(y) - 0.5) * self.steps)

    def learning(self):
        """(parameters, factor on the rate of learning) of each set of them."""
        return [(list(self.parameters()), 1.0)]

    def loss(self, x):
        """(what is minimised, mean squared error) of images [n, bands, h, w]: here the same."""
        error = (self(x) - x).square().mean()
        return error, error

    @torch.no_grad()
    def validate(self, images):
        """PSNR with the quantiser and without, and bpp by each component's own entropy."""
        y = torch.cat([self.analyse(image[None]) for image in images])
        whole = (y / self.steps).round()
        decoded = lambda latents: torch.cat([self.synthesise(own[None]) for own in latents])
        error = lambda made: (made.clamp(0, 1) - images).square().mean((1, 2, 3))
        psnr = lambda made: round(float(-10 * error(made).log10().mean()), 3)
        bits = sum(entropy(component) for component in whole.unbind(1)) / self.stride**2
        return {"psnr": psnr(decoded(whole * self.steps)), "unquantised": psnr(decoded(y)), "bpp": round(bits, 2)}


def entropy(integers):
    """Bits a symbol by the symbols' own frequencies."""
    share = integers.unique(return_counts=True)[1] / integers.numel()
    return float(-(share * share.log2()).sum())


def _conv1d(inputs, outputs, size):
    return nn.Conv1d(inputs, outputs, size, padding="same")


class Cae1d(Neighbour):
    """Along the spectrum of every pixel; two poolings: a quarter of the bands remain."""

    stride = 1

    def __init__(self, widths, bands=BANDS):
        super().__init__(widths, bands)
        a, b, c = widths.hidden
        self.encoder = nn.Sequential(
            _conv1d(1, a, 11), nn.LeakyReLU(), nn.MaxPool1d(2),
            _conv1d(a, b, 11), nn.LeakyReLU(), nn.MaxPool1d(2),
            _conv1d(b, c, 9), nn.LeakyReLU(), _conv1d(c, 1, 7), nn.LeakyReLU(),
        )
        self.decoder = nn.Sequential(
            _conv1d(1, c, 7), nn.LeakyReLU(), _conv1d(c, b, 9), nn.LeakyReLU(), nn.Upsample(scale_factor=2),
            _conv1d(b, a, 11), nn.LeakyReLU(), nn.Upsample(scale_factor=2),
        )
        self.head = nn.Sequential(_conv1d(a, 1, 11), nn.Sigmoid())

    @property
    def components(self):
        return self.bands // 4

    def analyse(self, x):
        return _images(super().analyse(_pixels(x)), x)

    def synthesise(self, y):
        return _images(super().synthesise(_pixels(y)), y)


def _pixels(x):
    """[n, bands, h, w] -> [pixels, 1, bands]."""
    return x.permute(0, 2, 3, 1).reshape(-1, 1, x.shape[1])


def _images(pixels, like):
    n, _, height, width = like.shape
    return pixels.reshape(n, height, width, -1).permute(0, 3, 1, 2)


def _conv2d(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.PReLU(outputs))


def _up2d(inputs, outputs):
    return nn.Sequential(nn.ConvTranspose2d(inputs, outputs, 2, 2), nn.PReLU(outputs))


class Sscnet(Neighbour):
    """All bands are feature maps; three 2 x 2 poolings, three 2 x 2 transposed convolutions."""

    stride = 8

    def __init__(self, widths, bands=BANDS):
        super().__init__(widths, bands)
        a, b = widths.hidden
        pool = nn.MaxPool2d(2)
        self.encoder = nn.Sequential(
            _conv2d(bands, a), _conv2d(a, a), pool, _conv2d(a, a), pool, _conv2d(a, b), pool, _conv2d(b, widths.latents)
        )
        # A transposed convolution of stride 1 is a convolution with its kernel turned.
        self.decoder = nn.Sequential(_conv2d(widths.latents, b), _up2d(b, a), _up2d(a, a), _up2d(a, a))
        self.head = nn.Sequential(nn.Conv2d(a, bands, 3, padding=1), nn.Sigmoid())
        # PyTorch's own start lets the signal fade from layer to layer, and training stay at the mean spectrum.
        for part in (self.encoder, self.decoder):
            part.apply(_keep_variance)

    @property
    def components(self):
        return self.widths.latents


@torch.no_grad()
def _keep_variance(layer):
    """He's start of a convolution before PReLU."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        seen = layer.in_channels * (9 if isinstance(layer, nn.Conv2d) else 1)
        layer.weight.normal_(0, (2 / (1 + PRELU**2) / seen) ** 0.5)
        layer.bias.zero_()


def _conv3d(inputs, outputs, kernel, stride, padding):
    return nn.Sequential(
        nn.Conv3d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm3d(outputs), nn.LeakyReLU()
    )


class Residual3d(nn.Module):
    """Two 3 x 3 x 3 convolutions beside the identity."""

    def __init__(self, width):
        super().__init__()
        self.first = _conv3d(width, width, 3, 1, 1)
        self.second = nn.Sequential(nn.Conv3d(width, width, 3, padding=1, bias=False), nn.BatchNorm3d(width))
        self.activation = nn.LeakyReLU()

    def forward(self, x):
        return self.activation(self.second(self.first(x)) + x)


class Cae3d(Neighbour):
    """The image is one volume: a quarter of the bands and an eighth of both sides remain."""

    stride = 8

    def __init__(self, widths, bands=BANDS):
        super().__init__(widths, bands)
        a, b = widths.hidden
        self.encoder = nn.Sequential(
            _conv3d(1, a, (2, 5, 5), (1, 2, 2), (0, 2, 2)), _conv3d(a, b, 5, 2, 2),
            *(Residual3d(b) for _ in range(3)), _conv3d(b, widths.latents, 5, 2, 2),
        )
        self.decoder = nn.Sequential(
            nn.Upsample(scale_factor=(2, 4, 4)), _conv3d(widths.latents, b, 5, 2, 2),
            *(Residual3d(b) for _ in range(3)),
            nn.Upsample(scale_factor=(4, 2, 2)), _conv3d(b, a, (5, 3, 3), (2, 1, 1), (2, 1, 1)),
        )
        self.head = nn.Sequential(nn.Upsample(scale_factor=(4, 2, 2)), _conv3d(a, 1, (2, 3, 3), (2, 1, 1), (0, 1, 1)))

    @property
    def components(self):
        return self.widths.latents * self.bands // 4

    def analyse(self, x):
        return super().analyse(x[:, None]).flatten(1, 2)

    def synthesise(self, y):
        return super().synthesise(y.unflatten(1, (self.widths.latents, -1)))[:, 0]


NETWORKS = {"cae-1d": Cae1d, "sscnet": Sscnet, "cae-3d": Cae3d}


def neighbour(name, widths=STUDIO, bands=BANDS):
    """The named network, untrained."""
    return NETWORKS[name](widths[name], bands)
