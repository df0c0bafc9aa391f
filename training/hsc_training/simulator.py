"""Simulated hyperspectral patches: overhead RGB textures x measured reflectance spectra.

A texture gives the spatial structure, a spectral library the materials. The texture's linear RGB
is clustered into soft abundances; every cluster becomes a mix of library spectra of like colour;
shading, the colour residual, illumination with atmospheric absorption, gain ripple and sensor
noise follow. Patches are scaled to 0..1 by their 0.02 and 99.9 percentiles and clipped.
"""

import io
import zipfile
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from .grid import VNIR_128, bands_inside

LOW_PERCENTILE, HIGH_PERCENTILE = 0.02, 99.9
# Centre nm, width nm, largest depth of the atmosphere's absorption features: oxygen B and A and water
# vapour up to 1000 nm; water vapour (1135, the flanks of 1400 and 1880), oxygen, carbon dioxide beyond.
ATMOSPHERE = (
    (687.0, 3.0, 0.35), (719.0, 8.0, 0.3), (761.0, 4.0, 0.7), (820.0, 9.0, 0.25), (940.0, 22.0, 0.8),
    (1135.0, 22.0, 0.8), (1268.0, 5.0, 0.25), (1400.0, 40.0, 1.0), (1880.0, 55.0, 1.0), (2008.0, 12.0, 0.5), (2062.0, 9.0, 0.35),
)


@dataclass(frozen=True)
class SpectralLibrary:
    """Reflectance `spectra` [n, bands] on the grid and their `chroma` [n, 3] (R, G, B shares)."""

    spectra: torch.Tensor
    chroma: torch.Tensor


def load_library(path, grid=VNIR_128):
    """Reads `spectra.npz` and resamples every spectrum that is complete over the grid's windows."""
    data = np.load(path)
    wavelengths = data["wavelengths_nm"].astype(np.float64)
    near = np.zeros(len(wavelengths), bool)
    near[bands_inside(wavelengths, grid)] = True
    near &= (wavelengths >= grid[0]) & (wavelengths <= grid[-1])
    reflectance = data["reflectance"].astype(np.float32)
    reflectance = reflectance[np.isfinite(reflectance[:, near]).all(1)][:, near]
    onto = np.stack([np.interp(grid, wavelengths[near], row) for row in reflectance])
    spectra = torch.from_numpy(onto.astype(np.float32)).clamp_(min=0.0)
    spectra = spectra[spectra.mean(1) > 0.01]
    return SpectralLibrary(spectra, _chroma(_rgb_of_spectra(spectra, grid)))


def _rgb_of_spectra(spectra, grid):
    ranges = ((600, 700), (500, 600), (420, 500))
    return torch.stack([spectra[:, (grid >= a) & (grid < b)].mean(1) for a, b in ranges], 1)


def _chroma(rgb):
    return rgb / rgb.sum(-1, keepdim=True).clamp(min=1e-4)


class TextureArchive:
    """RGB images of one or several zip files, decoded on demand.

    Validation textures are whole folders or name groups, so no place appears in both parts.
    """

    VALIDATION_GROUPS = ("odm_data_snowpeak", "ucmerced/harbor", "ucmerced/golfcourse", "ucmerced/overpass")

    def __init__(self, paths, part):
        self._archives = [zipfile.ZipFile(p) for p in paths]
        held_back = lambda name: name.startswith(self.VALIDATION_GROUPS)
        self._items = [
            (archive, name)
            for archive in self._archives
            for name in sorted(archive.namelist())
            if name.lower().endswith((".jpg", ".jpeg", ".png")) and held_back(name) == (part == "validation")
        ]

    def __len__(self):
        return len(self._items)

    def names(self):
        return [name for _, name in self._items]

    def linear_rgb(self, index):
        """Image `index` as linear light, float32 [3, height, width]."""
        archive, name = self._items[index]
        image = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
        srgb = torch.from_numpy(np.asarray(image, dtype=np.float32).copy()).permute(2, 0, 1) / 255
        return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


class Simulator:
    """Makes patches [bands, size, size] in 0..1; the same seed gives the same patch."""

    def __init__(self, textures, library, grid=VNIR_128, size=112, device="cpu"):
        self.textures, self.size, self.device = textures, size, device
        self.wavelengths = torch.tensor(grid, dtype=torch.float32, device=device)
        self.atmosphere = [feature for feature in ATMOSPHERE if feature[0] <= grid[-1]]
        self.spectra = library.spectra.to(device)
        self.chroma = library.chroma.to(device)

    def patch(self, seed):
        """One normalised patch, float32 [bands, size, size]."""
        g = torch.Generator().manual_seed(seed)
        rgb = self._texture(g)
        abundances, centres = self._clusters(rgb, g)
        cube = self._reflectance(rgb, abundances, centres, g)
        cube = self._illuminate(cube, rgb, g)
        return normalise(self._sense(cube, g))

    def _uniform(self, g, low, high):
        return float(torch.rand(1, generator=g)) * (high - low) + low

    def _texture(self, g):
        """A crop at a random ground sampling distance, rotated and flipped: [3, size, size]."""
        index = int(torch.randint(len(self.textures), (1,), generator=g))
        rgb = self.textures.linear_rgb(index).to(self.device)
        largest = min(rgb.shape[1:]) / self.size
        factor = self._uniform(g, 1.0, 1.0) if largest <= 1 else largest ** self._uniform(g, 0.3, 1.0)
        shape = [max(self.size, round(n / factor)) for n in rgb.shape[1:]]
        rgb = F.interpolate(rgb[None], shape, mode="bilinear", antialias=True, align_corners=False)[0]
        top, left = (int(torch.randint(n - self.size + 1, (1,), generator=g)) for n in shape)
        rgb = rgb[:, top : top + self.size, left : left + self.size]
        rgb = torch.rot90(rgb, int(torch.randint(4, (1,), generator=g)), (1, 2))
        return rgb.flip(2) if self._uniform(g, 0, 1) < 0.5 else rgb

    def _clusters(self, rgb, g):
        """Soft k-means in log-luminance and chromaticity: abundances [pixels, k], centres [k, 3]."""
        pixels = rgb.reshape(3, -1).T + 1e-3
        luminance = pixels.sum(1, keepdim=True).log()
        features = torch.cat([luminance * 0.5, _chroma(pixels) * 3], 1)
        k = int(torch.randint(4, 13, (1,), generator=g))
        centre = features[torch.randperm(len(features), generator=g)[:k]]
        for _ in range(6):
            nearest = torch.cdist(features, centre).argmin(1)
            total = torch.zeros_like(centre).index_add_(0, nearest, features)
            count = torch.zeros(k, device=self.device).index_add_(0, nearest, torch.ones_like(luminance[:, 0]))
            centre = torch.where(count[:, None] > 0, total / count[:, None].clamp(min=1), centre)
        distance = torch.cdist(features, centre)
        softness = distance.min(1).values.mean() * self._uniform(g, 0.4, 1.3) + 1e-3
        abundances = torch.softmax(-(distance / softness) ** 2 / 2, 1)
        colours = (abundances.T @ pixels) / abundances.sum(0)[:, None].clamp(min=1e-3)
        return abundances, colours

    def _material(self, colour, g):
        """A library spectrum (or a mix of two) of about this colour, with its own small changes."""
        distance = (self.chroma - _chroma(colour)).norm(dim=1)
        candidates = distance.topk(60, largest=False).indices
        if self._uniform(g, 0, 1) < 0.25:
            candidates = torch.randint(len(self.spectra), (60,), generator=g)
        one, two = (self.spectra[candidates[int(torch.randint(60, (1,), generator=g))]] for _ in range(2))
        mix = self._uniform(g, 0, 1) if self._uniform(g, 0, 1) < 0.5 else 1.0
        spectrum = mix * one + (1 - mix) * two
        shift = self._uniform(g, -6, 6)
        spectrum = _shifted(spectrum, shift / float(self.wavelengths[1] - self.wavelengths[0]))
        if self._uniform(g, 0, 1) < 0.3:
            ends = float(self.wavelengths[0]) + 30, float(self.wavelengths[-1]) - 20
            centre, width = self._uniform(g, *ends), self._uniform(g, 8, 50)
            depth = self._uniform(g, 0.05, 0.35)
            spectrum = spectrum * (1 - depth * torch.exp(-(((self.wavelengths - centre) / width) ** 2) / 2))
        return spectrum

    def _reflectance(self, rgb, abundances, centres, g):
        """Mixed spectra times shading plus a smooth share of the colour residual: [bands, h, w]."""
        luminance = rgb.reshape(3, -1).T.sum(1) / 3
        cluster_luminance = centres.sum(1) / 3
        keep = self._uniform(g, 0.2, 1.0)
        materials = []
        for colour, level in zip(centres, cluster_luminance):
            spectrum = self._material(colour, g)
            own = spectrum.mean().clamp(min=0.02)
            materials.append(spectrum * (level.clamp(min=0.01) / own) ** keep)
        materials = torch.stack(materials)
        shading = ((luminance + 0.01) / (abundances @ cluster_luminance + 0.01)).clamp(0.1, 4.0)
        cube = (abundances @ materials) * shading[:, None] ** self._uniform(g, 0.5, 1.1)
        cube = cube + self._residual(rgb, abundances, centres, g) * cube
        return cube.T.reshape(-1, self.size, self.size).clamp(min=0)

    def _residual(self, rgb, abundances, centres, g):
        """Relative spectral variation [pixels, bands] carried by what the clusters do not explain."""
        residual = (_chroma(rgb.reshape(3, -1).T + 0.01) - _chroma(abundances @ centres + 0.01)) * 3
        sensitivity = torch.stack(
            [
                torch.exp(-(((self.wavelengths - centre) / width) ** 2) / 2)
                for centre, width in ((650, 60), (550, 50), (450, 50))
            ]
        )
        texture = residual[:, torch.randperm(3, generator=g)]
        strength = torch.randn(3, 1, generator=g).to(rgb) * 0.5
        near_infrared = torch.sigmoid((self.wavelengths - 720) / 25)[None] * strength
        ripple = _smooth_curves(3, self.wavelengths, g) * self._uniform(g, 0, 0.4)
        spread = residual @ sensitivity + texture @ (near_infrared + ripple)
        return (spread * self._uniform(g, 0.3, 1.2)).clamp(-0.6, 1.5)

    def _illuminate(self, cube, rgb, g):
        """For half of the patches: solar curve, absorption, haze, and shadow lit by skylight."""
        bands = (-1, 1, 1)
        if self._uniform(g, 0, 1) < 0.3:
            dark = torch.sigmoid((rgb.mean(0).quantile(self._uniform(g, 0.05, 0.25)) - rgb.mean(0)) * 60)
            skylight = (self.wavelengths / 400) ** -self._uniform(g, 1.0, 3.0) * self._uniform(g, 0.2, 0.7)
            cube = cube * (1 - dark + dark * skylight.view(bands))
        if self._uniform(g, 0, 1) < 0.5:
            return cube
        x = self.wavelengths / self._uniform(g, 480, 620)
        solar = x**-4.0 / (torch.exp(2.8 / x) - 1) * 15
        for centre, width, depth in self.atmosphere:
            strength = depth * self._uniform(g, 0.2, 1.0)
            solar = solar * (1 - strength * torch.exp(-(((self.wavelengths - centre) / width) ** 2) / 2))
        haze = (self.wavelengths / 400) ** -self._uniform(g, 2, 4) * self._uniform(g, 0, 0.05)
        response = 1 + _smooth_curves(1, self.wavelengths, g)[0] * 0.15
        return (cube + haze.view(bands)) * (solar / solar.max() * response).view(bands)

    def _sense(self, cube, g):
        """Band gains, point spread and noise (signal-dependent and floor, SNR 20 to 300)."""
        bands = len(self.wavelengths)
        cube = cube * (1 + torch.randn(bands, 1, 1, generator=g).to(cube) * self._uniform(g, 0, 0.03))
        if self._uniform(g, 0, 1) < 0.3:
            blur = self._uniform(g, 0.3, 0.7)
            kernel = torch.exp(-torch.tensor([-1.0, 0.0, 1.0]) ** 2 / (2 * blur**2)).to(cube)
            kernel = (kernel / kernel.sum()).outer(kernel / kernel.sum())
            padded = F.pad(cube[:, None], (1, 1, 1, 1), mode="replicate")
            cube = F.conv2d(padded, kernel[None, None])[:, 0]
        snr = 20 * 15 ** self._uniform(g, 0, 1)
        mean = cube.mean()
        reach = max(350.0, float(self.wavelengths[-1]) - 650)
        edge = 1 + self._uniform(g, 0, 3) * ((self.wavelengths - 650).abs() / reach).view(-1, 1, 1) ** 4
        sigma = (0.5 * mean + 0.5 * (cube.clamp(min=0) * mean).sqrt()) / snr * edge
        return cube + torch.randn(cube.shape, generator=g).to(cube) * sigma


def _shifted(spectrum, bands):
    """The spectrum moved by a fractional number of bands, ends held."""
    position = (torch.arange(len(spectrum), device=spectrum.device) + bands).clamp(0, len(spectrum) - 1)
    low = position.floor().long().clamp(max=len(spectrum) - 2)
    share = position - low
    return spectrum[low] * (1 - share) + spectrum[low + 1] * share


def _smooth_curves(count, wavelengths, g):
    """`count` random smooth curves over the wavelengths, about unit amplitude: [count, bands]."""
    u = ((wavelengths - wavelengths[0]) / (wavelengths[-1] - wavelengths[0]))[None]
    total = torch.zeros(count, len(wavelengths), device=wavelengths.device)
    for order in range(1, 5):
        amplitude, phase = torch.randn(count, 1, generator=g), torch.rand(count, 1, generator=g)
        wave = torch.cos(np.pi * order * u + 2 * np.pi * phase.to(wavelengths))
        total = total + amplitude.to(wavelengths) * wave / order
    return total


def normalise(cube):
    """Scales a cube to 0..1 by its 0.02 and 99.9 percentiles over all samples, and clips."""
    low, high = percentiles(cube)
    return ((cube - low) / max(high - low, 1e-12)).clamp(0, 1)


def percentiles(cube):
    """The 0.02 and 99.9 percentiles (linear interpolation) of a tensor of any shape."""
    values = cube.detach().cpu().numpy().ravel()
    low, high = np.percentile(values, [LOW_PERCENTILE, HIGH_PERCENTILE])
    return float(low), float(high)
