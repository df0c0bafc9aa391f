"""Spectral grids and the sparse linear map between a sensor's bands and a grid.

The same rules are implemented in TypeScript (`src/core/cube/resample.ts`).
"""

import numpy as np

VNIR_128 = np.linspace(400.0, 1000.0, 128)
# Steps of 8.9 nm; what water vapour in the air takes away is left out.
VSWIR_200 = np.concatenate([np.linspace(400.0, 1334.5, 106), np.linspace(1460.0, 1789.3, 38), np.linspace(1960.0, 2449.5, 56)])
GRIDS = {"vnir-128": VNIR_128, "vswir-200": VSWIR_200}


def grid_wavelengths(name):
    """Band centres in nm, ascending, of a named grid."""
    if name not in GRIDS:
        raise ValueError(f"unknown spectral grid '{name}'; known: {', '.join(GRIDS)}")
    return GRIDS[name]


def band_edges(centres):
    """Edges in nm, shape [n + 1], halfway between ascending centres, mirrored at both ends."""
    c = np.asarray(centres, dtype=np.float64)
    if len(c) == 1:
        return np.array([c[0] - 0.5, c[0] + 0.5])
    middle = (c[1:] + c[:-1]) / 2
    return np.concatenate([[2 * c[0] - middle[0]], middle, [2 * c[-1] - middle[-1]]])


def resample_matrix(source, target):
    """Matrix [len(target), len(source)] that maps source bands onto target bands.

    A target band wider than the source bands around it takes their overlap-weighted mean; a
    narrower one is interpolated linearly between the two neighbouring centres; one outside the
    source's range takes the nearest band. Rows sum to 1. Both may be in any order (detectors overlap).
    """
    source = np.asarray(source, dtype=np.float64)
    target = np.asarray(target, dtype=np.float64)
    order = np.argsort(source, kind="stable")
    centres = source[order]
    target_order = np.argsort(target, kind="stable")
    source_edges, target_edges = band_edges(centres), band_edges(target[target_order])
    matrix = np.zeros((len(target), len(source)))
    for rank, band in enumerate(target_order):
        low, high = target_edges[rank : rank + 2]
        matrix[band, order] = _row(target[band], low, high, centres, source_edges)
    return matrix


def _row(wavelength, low, high, centres, edges):
    row = np.zeros(len(centres))
    if wavelength <= centres[0] or wavelength >= centres[-1]:
        row[0 if wavelength <= centres[0] else -1] = 1.0
        return row
    right = int(np.searchsorted(centres, wavelength, side="right"))
    left = right - 1
    gap = centres[right] - centres[left]
    if gap < high - low:
        overlap = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
        row = np.maximum(overlap, 0.0)
        return row / row.sum()
    row[right] = (wavelength - centres[left]) / gap
    row[left] = 1.0 - row[right]
    return row


def bands_inside(wavelengths, grid):
    """Indices of the native bands whose centres lie within half a step of a grid band."""
    half = (grid[1] - grid[0]) / 2
    w = np.asarray(wavelengths, dtype=np.float64)
    return np.flatnonzero(np.abs(w[:, None] - grid).min(1) <= half * (1 + 1e-9))
