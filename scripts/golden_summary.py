"""What the readers' golden files hold of a cube: nothing that its samples could be rebuilt from."""

import hashlib

import numpy as np


def summary(cube: np.ndarray, wavelengths: list[float]) -> dict:
    little = cube.astype(cube.dtype.newbyteorder("<"))
    return {
        "shape": list(cube.shape),
        "dtype": cube.dtype.name,
        "wavelengths": [wavelengths[0], wavelengths[-1]] if wavelengths else None,
        "sha256": hashlib.sha256(np.ascontiguousarray(little).tobytes()).hexdigest(),
    }
