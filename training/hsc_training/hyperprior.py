"""The scale hyperprior without a GAN, the learned reference that HiFiC is compared with.

Balle, Minnen, Singh, Hwang and Johnston, "Variational image compression with a scale hyperprior", ICLR
2018, which is of colour images: here of groups of neighbouring bands, each coded as an image of its own by the same
network. Rates of one network by gains of its latents, as HiFiC's here.
"""

import json
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

from .entropy import conditional_bits, noise_like, prior_bits, rounded, straight_through, trained
from .layers import conv, up
from .networks import HyperAnalysis, HyperSynthesis
from .objective import lambdas_at, random_positions

MEAN, STD = 0.25, 0.2
STRIDE = 16
# The scale head's output of 1 is so many scale indices; folded into its weights on export.
INDEX_SCALE = 8.0
# Weight of images of every rate in the loss: squared error times lambda to this power.
WEIGHT_POWER = 0.75
TRANSFORM_FACTOR = 0.02
# Groups of an image that one training step sees.
GROUPS_A_STEP = 3


@dataclass(frozen=True)
class HyperpriorSpec:
    """`group`: bands that are coded together; `lambdas`: squared error of 0..1 samples, the mean of a
    group's, against its bits per pixel."""

    bands: int = 128
    group: int = 32
    filters: int = 96
    latent_channels: int = 320
    lambdas: tuple[float, ...] = (8.0, 32.0, 128.0, 512.0, 2048.0)

    @property
    def hyper_filters(self):
        return self.filters

    def to_json(self):
        """The spec as files hold it."""
        fields = asdict(self)
        return json.dumps({"latentChannels": fields.pop("latent_channels"), **fields})


STUDIO = HyperpriorSpec()
TINY = HyperpriorSpec(bands=16, group=4, filters=5, latent_channels=6, lambdas=(10.0, 40.0, 160.0, 640.0, 2560.0))


class Gdn(nn.Module):
    """Generalised divisive normalisation, or its inverse (Balle, Laparra and Simoncelli 2016)."""

    def __init__(self, channels, inverse=False):
        super().__init__()
        self.inverse = inverse
        self.root_beta = nn.Parameter(torch.ones(channels))
        self.root_gamma = nn.Parameter((0.1 * torch.eye(channels) + 1e-4).sqrt())

    @property
    def beta(self):
        return self.root_beta.square() + 1e-6

    @property
    def gamma(self):
        return self.root_gamma.square()

    def forward(self, x):
        energy = F.conv2d(x.square(), self.gamma[:, :, None, None], self.beta)
        return x * (energy.sqrt() if self.inverse else energy.rsqrt())


class Hyperprior(nn.Module):
    """Images of groups [n, group, h, w], standardised, sides multiples of 16, to latents and back."""

    def __init__(self, spec=STUDIO):
        super().__init__()
        self.spec = spec
        f, latents = spec.filters, spec.latent_channels
        self.encoder = nn.Sequential(
            conv(spec.group, f, 5, 2), Gdn(f), conv(f, f, 5, 2), Gdn(f), conv(f, f, 5, 2), Gdn(f), conv(f, latents, 5, 2)
        )
        self.decoder = nn.Sequential(
            up(latents, f, 5), Gdn(f, True), up(f, f, 5), Gdn(f, True), up(f, f, 5), Gdn(f, True), up(f, spec.group, 5)
        )
        self.hyper_analysis, self.hyper_scale = HyperAnalysis(spec), HyperSynthesis(spec)
        self.log_gains = nn.Parameter((torch.tensor(spec.lambdas) / spec.lambdas[0]).sqrt().log()[:, None].repeat(1, latents))
        self.z_mean = nn.Parameter(torch.zeros(len(spec.lambdas), f))
        self.z_log_scale = nn.Parameter(torch.zeros(len(spec.lambdas), f))
        for part in (self.encoder, self.decoder):
            part.apply(_keep_variance)
        # Start near the mean spectrum: whatever else comes out is error.
        with torch.no_grad():
            self.decoder[-1].weight.mul_(0.1)

    def learning(self):
        """(parameters, factor on the rate of learning): the transforms, whose start is a trained one, learn the slower."""
        transforms = [*self.encoder.parameters(), *self.decoder.parameters()]
        own = {id(parameter) for parameter in transforms}
        others = [parameter for parameter in self.parameters() if id(parameter) not in own]
        return [(transforms, TRANSFORM_FACTOR), (others, 1.0)]

    def gains(self, position):
        """[n, latents, 1, 1] at rate positions [n], log-linear between the five."""
        low = position.floor().clamp(max=len(self.log_gains) - 2).long()
        share = (position - low)[:, None]
        return (self.log_gains[low] * (1 - share) + self.log_gains[low + 1] * share).exp()[:, :, None, None]

    def hyper_encode(self, s):
        """Hyper-latents [n, filters, h / 4, w / 4], rounded up, of scaled latents."""
        return self.hyper_analysis(s.abs())

    def hyper_decode(self, z, height, width):
        """Real-valued scale indices [n, latents, height, width]."""
        return INDEX_SCALE * self.hyper_scale(z)[:, :, :height, :width]

    def rate(self, y, position):
        """(y_hat with the straight-through gradient, bits per pixel of latents and of hyper-latents, both [n])."""
        pixels = y.shape[2] * y.shape[3] * STRIDE**2
        gains, target = self.gains(position), (position + 0.5).floor().long()
        s = y * gains
        z = self.hyper_encode(s)
        z_bits = prior_bits(z + noise_like(z), self.z_mean[target], self.z_log_scale[target])
        index = self.hyper_decode(straight_through(z, rounded(z)), *s.shape[2:])
        symbols = rounded(s)
        noisy = conditional_bits(s + noise_like(s), index.detach())
        y_bits = trained(noisy, conditional_bits(symbols, index))
        return straight_through(s, symbols) / gains, y_bits.sum((1, 2, 3)) / pixels, z_bits.sum((1, 2, 3)) / pixels

    def groups(self, x):
        """Standardised images [n * groups, group, h, w] of images [n, bands, h, w] in 0..1."""
        return (x.reshape(-1, self.spec.group, *x.shape[2:]) - MEAN) / STD

    def loss(self, x):
        """(what is minimised, mean squared error) of random groups of images [n, bands, h, w] at random rates."""
        groups = self.groups(x).unflatten(0, (len(x), -1))
        seen = torch.rand(groups.shape[:2]).argsort(1)[:, :GROUPS_A_STEP]
        g = groups.gather(1, seen[:, :, None, None, None].expand(-1, -1, *groups.shape[2:])).flatten(0, 1)
        position = random_positions(len(g), len(self.spec.lambdas))
        y = self.encoder(g)
        with torch.autocast(x.device.type, enabled=False):
            y_hat, *bits = self.rate(y.float(), position)
        error = STD**2 * (self.decoder(y_hat).float() - g).square().mean((1, 2, 3))
        worth = lambdas_at(self.spec.lambdas, position)
        return ((sum(bits) / worth + error) * worth**WEIGHT_POWER).mean(), error.mean()

    @torch.no_grad()
    def validate(self, images):
        """PSNR, bits per pixel of the whole spectrum and the side information's share at every rate."""
        groups = self.groups(images)
        found = []
        for target in range(len(self.spec.lambdas)):
            position = torch.full((len(groups),), float(target))
            y_hat, y_bits, z_bits = self.rate(self.encoder(groups), position)
            made = (self.decoder(y_hat) * STD + MEAN).clamp(0, 1)
            error = (made - groups * STD - MEAN).square().reshape(len(images), -1).mean(1)
            bits = [float(part.sum()) / len(images) for part in (y_bits, z_bits)]
            psnr = float(-10 * error.log10().mean())
            found.append({"psnr": round(psnr, 2), "bpp": round(sum(bits), 3), "side": round(bits[1] / sum(bits), 3)})
        return found


@torch.no_grad()
def _keep_variance(layer):
    """A start at which signals keep their size through every layer."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        seen = layer.in_channels * (25 if isinstance(layer, nn.Conv2d) else 25 / 4)
        layer.weight.normal_(0, seen**-0.5)
        layer.bias.zero_()
