"""Building blocks of the HiFiC networks; tensors are [batch, channels, height, width]."""

import torch
import torch.nn.functional as F
from torch import nn

OPEN_GATE = 4.0


def conv(inputs, outputs, kernel, stride=1):
    """Convolution with symmetric zero padding (kernel - 1) / 2."""
    return nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2)


def up(inputs, outputs, kernel):
    """Transposed convolution that doubles the size exactly."""
    return nn.ConvTranspose2d(inputs, outputs, kernel, 2, (kernel - 1) // 2, output_padding=1)


class ChannelNorm(nn.Module):
    """Per position over channels; variance over N - 1, epsilon 1e-3 (HiFiC, Mentzer et al. 2020)."""

    def __init__(self, channels, epsilon=1e-3):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.epsilon = epsilon

    def forward(self, x):
        variance, mean = torch.var_mean(x, 1, keepdim=True)
        normed = (x - mean) * torch.rsqrt(variance + self.epsilon)
        return torch.addcmul(self.bias.view(-1, 1, 1), normed, self.gain.view(-1, 1, 1))


class SqueezeExcitation(nn.Module):
    """Channel attention (Hu et al. 2017): pool, FC, ReLU, FC, sigmoid; starts with open gates."""

    def __init__(self, channels, reduction):
        super().__init__()
        self.fc1 = nn.Linear(channels, -(-channels // reduction))
        self.fc2 = nn.Linear(-(-channels // reduction), channels)
        nn.init.zeros_(self.fc2.weight)
        nn.init.constant_(self.fc2.bias, OPEN_GATE)

    def forward(self, x):
        weights = torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3))))))
        return x * weights[:, :, None, None]


class SpectralAnalysis(nn.Module):
    """Conv3D with one input channel and spectral stride, as a 2-D conv over spectral windows.

    [n, bands, h, w] -> [n, bands / stride * filters, h, w], channel = window * filters + filter.
    """

    def __init__(self, bands, conv3d, kernel):
        super().__init__()
        self.conv3d, self.windows = conv3d, bands // conv3d.stride
        self.conv = conv(conv3d.kernel, conv3d.filters, kernel)

    def forward(self, x):
        k, stride = self.conv3d.kernel, self.conv3d.stride
        pad = (k - 1) // 2
        after = (self.windows - 1) * stride + k - pad - x.shape[1]
        windows = F.pad(x, (0, 0, 0, 0, pad, after)).unfold(1, k, stride)
        windows = windows.permute(0, 1, 4, 2, 3).reshape(-1, k, *x.shape[2:])
        return self.conv(windows).reshape(x.shape[0], -1, *x.shape[2:])


class SpectralSynthesis(nn.Module):
    """The exact transpose of `SpectralAnalysis`, plus a bias per band.

    `weight` is [filters, spectral kernel, kernel, kernel], as the analysis' own.
    """

    def __init__(self, bands, conv3d, kernel):
        super().__init__()
        self.conv3d, self.bands, self.windows = conv3d, bands, bands // conv3d.stride
        self.weight = nn.Parameter(conv(conv3d.kernel, conv3d.filters, kernel).weight.detach().clone())
        self.bias = nn.Parameter(torch.zeros(bands))

    def forward(self, x):
        k, stride = self.conv3d.kernel, self.conv3d.stride
        n, _, height, width = x.shape
        x = x.reshape(n * self.windows, self.conv3d.filters, height, width)
        taps = F.conv_transpose2d(x, self.weight, padding=(self.weight.shape[-1] - 1) // 2)
        groups = -(-k // stride)
        taps = F.pad(taps, (0, 0, 0, 0, 0, groups * stride - k)).reshape(n, self.windows, groups, stride, height, width)
        total = x.new_zeros(n, self.windows + groups - 1, stride, height, width)
        for group in range(groups):
            total[:, group : group + self.windows] += taps[:, :, group]
        pad = (k - 1) // 2
        bands = total.reshape(n, -1, height, width)[:, pad : pad + self.bands]
        return bands + self.bias.view(-1, 1, 1)


# Spectral size of kernels between the ends, where all of E and G are 3-D: as large as in space.
INNER_TAPS = 3


class SpectralConv(nn.Module):
    """Conv3D over [n, depth * inputs, h, w], channel = place * inputs + input, spectral stride 1.

    `weight` is [outputs, INNER_TAPS * inputs, kernel, kernel], `bias` one for each output.
    """

    def __init__(self, depth, inputs, outputs, kernel, stride=1):
        super().__init__()
        like = conv(INNER_TAPS * inputs, outputs, kernel)
        self.depth, self.stride = depth, stride
        self.weight, self.bias = like.weight, like.bias

    def _windows(self, x):
        """[n * depth, INNER_TAPS * inputs, h, w]: every place with its neighbours, zero outside."""
        n, channels, height, width = x.shape
        places = F.pad(x.reshape(n, self.depth, -1, height, width), (0, 0, 0, 0, 0, 0, 1, 1))
        seen = torch.cat([places[:, t : t + self.depth] for t in range(INNER_TAPS)], 2)
        return seen.flatten(0, 1)

    def forward(self, x):
        pad = (self.weight.shape[-1] - 1) // 2
        y = F.conv2d(self._windows(x), self.weight, self.bias, self.stride, pad)
        return y.reshape(len(x), -1, *y.shape[2:])


class SpectralUp(SpectralConv):
    """Doubles the size in space as `up` does, over the spectrum as `SpectralConv`."""

    def forward(self, x):
        pad = (self.weight.shape[-1] - 1) // 2
        y = F.conv_transpose2d(self._windows(x), self.weight.transpose(0, 1), self.bias, 2, pad, output_padding=1)
        return y.reshape(len(x), -1, *y.shape[2:])
