"""Golden file of a cube on a spectral grid, made by the training code.

    python3 scripts/grid_golden.py

needs training/requirements.txt. It writes src/core/cube/golden/onGrid.json: synthetic cubes whose
bands lie differently to the grid, and what `hsc_training.data.cube_on_grid` makes of them, which
normalises and clips before it resamples and covers the whole grid.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

from hsc_training.data import cube_on_grid  # noqa: E402
from hsc_training.grid import GRIDS, bands_inside  # noqa: E402
from hsc_training.simulator import percentiles  # noqa: E402

GOLDEN = ROOT / "src/core/cube/golden/onGrid.json"
HEIGHT, WIDTH = 3, 4

# Name: (band centres, grid).
SENSORS = {
    "finer than the grid, beyond both ends": (np.arange(380.0, 1030.0, 3.2), "vnir-128"),
    "coarser than the grid": (np.arange(405.0, 1000.0, 9.7), "vnir-128"),
    "a part of the grid": (np.linspace(430.0, 860.0, 102), "vnir-128"),
    "detectors that overlap": (np.concatenate([np.arange(390.0, 670.0, 9.7), np.arange(655.0, 1040.0, 9.8)]), "vnir-128"),
    "to the short-wave infrared": (np.linspace(365.9, 2496.0, 224), "vswir-200"),
    "finer than the grid, to the short-wave infrared": (np.arange(420.0, 2450.0, 5.0), "vswir-200"),
}


def synthetic(wavelengths: np.ndarray) -> np.ndarray:
    """Smooth spectra with noise, height × width × bands, whole numbers."""
    generator = np.random.default_rng(len(wavelengths))
    level = generator.uniform(300, 3000, (HEIGHT, WIDTH, 1))
    edge = generator.uniform(550, 750, (HEIGHT, WIDTH, 1))
    noise = generator.normal(0, 20, (HEIGHT, WIDTH, len(wavelengths)))
    return np.round(level * (1 + np.tanh((wavelengths - edge) / 40)) + noise)


def case(wavelengths: np.ndarray, name: str) -> dict:
    cube = synthetic(wavelengths).astype(np.float32)
    on_grid = cube_on_grid(cube, wavelengths, GRIDS[name]).permute(1, 2, 0).numpy()
    inside = bands_inside(wavelengths, GRIDS[name])
    low, high = percentiles(torch.from_numpy(cube[:, :, inside]))
    return {
        "grid": name,
        "wavelengthsNm": [round(float(nm), 6) for nm in wavelengths],
        "samples": [int(v) for v in cube.ravel()],
        "range": {"low": low, "high": high},
        "onGrid": [round(float(v), 7) for v in on_grid.ravel()],
    }


def main() -> None:
    cases = {name: case(np.round(nm, 6), grid) for name, (nm, grid) in SENSORS.items()}
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps({"height": HEIGHT, "width": WIDTH, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
