"""Fixed Karhunen-Loeve bases of a spectral grid, for the codec klt-jpeg2000.

A basis diagonalises the mean covariance of training scenes: real cubes and simulated patches.
Every scene counts with its own mean removed, for the codec sends the mean of each component; the
means' own covariance is added with a small weight, so that the leading components span them.
"""

import argparse
import json

import numpy as np
import torch

from . import safetensors
from .data import MINIMUM_COVERAGE_NM, MODELS, data_folder, training_cubes
from .grid import GRIDS
from .manifest import ship
from .simulator import Simulator, TextureArchive, load_library

COMPONENTS = 48
SIMULATED_SHARE = 0.2
MEANS_SHARE = 0.05
GRID = "vnir-128"


def statistics(image):
    """(mean [bands], covariance [bands, bands]) of one scene [bands, height, width]."""
    spectra = np.asarray(image, dtype=np.float64).reshape(len(image), -1)
    mean = spectra.mean(1)
    centred = spectra - mean[:, None]
    return mean, centred @ centred.T / spectra.shape[1]


def simulated_scenes(folder, count, seed=0, grid=GRID):
    """Statistics of `count` simulated training patches."""
    textures = TextureArchive([folder / "textures_core.zip", folder / "textures_more.zip"], "train")
    simulator = Simulator(textures, load_library(folder / "spectra.npz", GRIDS[grid]), GRIDS[grid])
    return [statistics(simulator.patch(seed + i).numpy()) for i in range(count)]


def pooled(scenes, weights, means_share=MEANS_SHARE):
    """(mean, covariance) of weighted scenes: within them, and a share of that of their means."""
    weights = np.asarray(weights) / np.sum(weights)
    means = np.stack([mean for mean, _ in scenes])
    mean = weights @ means
    within = np.tensordot(weights, np.stack([covariance for _, covariance in scenes]), 1)
    apart = means - mean
    return mean, within + means_share * (apart.T * weights) @ apart


def scaled_components(covariance, count=COMPONENTS):
    """Leading eigenvectors times the roots of their eigenvalues [count, bands], largest first."""
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    signs = np.sign(vectors[np.abs(vectors).argmax(0), np.arange(count)])
    return (vectors * signs * np.sqrt(np.maximum(values, 0))).T


def train(folder, simulated, grid=GRID):
    """(mean [bands], scaled [1, components, bands]) from the training set alone."""
    mean, covariance = mean_and_covariance(folder, simulated, grid)
    return mean, scaled_components(covariance)[None]


def mean_and_covariance(folder, simulated, grid):
    """(mean [bands], covariance [bands, bands]) of the training set."""
    real = training_cubes(folder, least=1, grid=grid)
    scenes = [statistics(image.numpy()) for _, image, _ in real]
    weights = np.sqrt([weight for _, _, weight in real])
    weights = list((1 - SIMULATED_SHARE) * weights / weights.sum())
    scenes += simulated_scenes(folder, simulated, grid=grid)
    weights += [SIMULATED_SHARE / simulated] * simulated
    return pooled(scenes, weights)


def training_axes(folder, count, grid=GRID, simulated=300, weights=None):
    """(mean [bands] in 0..1, the leading orthonormal axes [count, bands]) of the training set, float32.

    weights [bands]: the axes are those of weighted spectra.
    """
    mean, covariance = mean_and_covariance(folder, simulated, grid)
    if weights is not None:
        covariance = covariance * np.outer(weights, weights)
    scaled = scaled_components(covariance)[None]
    axes = scaled[0, :count] / np.linalg.norm(scaled[0, :count], axis=1, keepdims=True)
    return torch.from_numpy(mean).float(), torch.from_numpy(axes).float()


def write_bases(mean, scaled, simulated, grid=GRID, folder=MODELS):
    """Writes the basis file and its entry in the manifest; returns the entry."""
    metadata = {
        "format": "hsc-klt-1", "grid": grid,
        "training": json.dumps({"data": "real training cubes and simulated patches", "simulated": simulated}),
    }
    tensors = {"mean": mean.astype(np.float32), "scaled": scaled.astype(np.float32)}
    data = safetensors.to_bytes(tensors, metadata)
    return ship("bases", f"klt-{grid}.safetensors", data, {"grid": grid}, folder)


def main():
    parser = argparse.ArgumentParser(description="Train and export the fixed KLT bases.")
    parser.add_argument("--simulated", type=int, default=300, help="simulated patches")
    parser.add_argument("--grid", choices=MINIMUM_COVERAGE_NM, default=GRID)
    arguments = parser.parse_args()
    folder = data_folder()
    if folder is None:
        raise SystemExit("no shared data: put it at ../shared/data or name its folder in HSI_DATA")
    torch.set_num_threads(1)
    mean, scaled = train(folder, arguments.simulated, arguments.grid)
    print(json.dumps(write_bases(mean, scaled, arguments.simulated, arguments.grid)))


if __name__ == "__main__":
    main()
