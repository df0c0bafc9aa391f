"""Golden files of the metrics, made by NumPy, SciPy and scikit-image.

    python3 scripts/metrics_golden.py

needs Debian's python3-scipy and python3-skimage. It writes
  src/core/metrics/golden/images.json       synthetic pairs of images and their figures: SSIM by
                                            scikit-image, GMSD by SciPy (the authors' MATLAB code
                                            put into Python), the others by NumPy
  src/core/metrics/golden/bjontegaard.json  curves and their deltas, PCHIP data and integrals, by
                                            SciPy's PchipInterpolator
"""

import json
from pathlib import Path

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import binary_dilation
from scipy.signal import convolve2d
from skimage.metrics import structural_similarity

GOLDEN = Path(__file__).resolve().parent.parent / "src/core/metrics/golden"
NO_DATA = -9999
SSIM_RADIUS = 5
LUMA = np.array([0.299, 0.587, 0.114])


def synthetic(height: int, width: int, bands: int, noise: float, gain: float) -> tuple:
    """Original and reconstruction, height × width × bands, of whole numbers."""
    generator = np.random.default_rng(height * 1000 + width)
    y, x, b = np.mgrid[0:height, 0:width, 0:bands]
    ground = 500 + 250 * np.sin(x / 3 + b) * np.cos(y / 4 - b / 2) + 30 * b
    original = ground + 150 * (x > y) + generator.normal(0, 40, ground.shape)
    reconstruction = gain * original + generator.normal(0, noise, ground.shape)
    return np.rint(original), np.rint(reconstruction)


def without_data(cube: np.ndarray) -> np.ndarray:
    """A few samples of single bands and one whole pixel carry no data."""
    holed = cube.copy()
    holed[2, 3, 0] = holed[7, 1, 2] = NO_DATA
    holed[9, 16] = NO_DATA
    return holed


def normalized(cube: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.clip((cube - low) / (high - low), 0, 1)


def ssim(x: np.ndarray, y: np.ndarray, missing: np.ndarray) -> float | None:
    """Of two planes in 0..1, over the windows without a missing pixel."""
    side = 2 * SSIM_RADIUS + 1
    if min(x.shape) < side:
        return None
    _, similarity = structural_similarity(
        np.where(missing, 0, x),
        y,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=1,
        full=True,
    )
    touched = binary_dilation(missing, np.ones((side, side)))
    inside = (slice(SSIM_RADIUS, -SSIM_RADIUS),) * 2
    return float(similarity[inside][~touched[inside]].mean())


def gmsd(x: np.ndarray, y: np.ndarray) -> float | None:
    """Of two planes in 0..1 where NaN marks missing pixels. MATLAB's conv2(plane, 2×2, 'same')
    begins at the second row and column of the full convolution."""

    def gradient(plane: np.ndarray) -> np.ndarray:
        mean = convolve2d(plane, np.full((2, 2), 0.25))[1:, 1:][::2, ::2]
        prewitt = np.array([[1, 0, -1]] * 3) / 3
        along_x, along_y = (convolve2d(mean, kernel, "same") for kernel in (prewitt, prewitt.T))
        return np.sqrt(along_x**2 + along_y**2)

    if min(x.shape) < 5:
        return None
    a, b = gradient(x), gradient(y)
    constant = 170 / 255**2
    return float(np.nanstd((2 * a * b + constant) / (a**2 + b**2 + constant)))


def angles(x: np.ndarray, y: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Degrees of each pixel; NaN without data."""
    x, y = np.where(missing, 0, x), np.where(missing, 0, y)
    norms = np.linalg.norm(x, axis=2) * np.linalg.norm(y, axis=2)
    with np.errstate(invalid="ignore"):
        return np.degrees(np.arccos(np.clip((x * y).sum(axis=2) / norms, -1, 1)))


def image_case(original: np.ndarray, reconstruction: np.ndarray, low: int, high: int) -> dict:
    height, width, bands = original.shape
    missing = original == NO_DATA
    x, y = normalized(original, low, high), normalized(reconstruction, low, high)
    error = np.ma.array(reconstruction - original, mask=missing)
    clipped_error = np.ma.array(y - x, mask=missing)
    luminance = [np.where(missing, np.nan, x) @ LUMA, y @ LUMA]
    sam = angles(original, reconstruction, missing)
    return {
        "shape": {"width": width, "height": height, "bands": bands},
        "range": {"low": low, "high": high},
        "noDataValue": NO_DATA,
        "original": original.astype(int).ravel().tolist(),
        "reconstruction": reconstruction.astype(int).ravel().tolist(),
        "psnr": float(-10 * np.log10((clipped_error**2).mean())),
        "rmse": float(np.sqrt((error**2).mean())),
        "maxError": float(abs(error).max()),
        "bandPsnr": (-10 * np.log10((clipped_error**2).mean(axis=(0, 1)))).tolist(),
        "bandRmse": np.sqrt((error**2).mean(axis=(0, 1))).tolist(),
        "bandMaxError": abs(error).max(axis=(0, 1)).tolist(),
        "samDegrees": float(np.nanmean(sam)),
        "samMaxDegrees": float(np.nanmax(sam)),
        "bandSsim": [ssim(x[..., b], y[..., b], missing[..., b]) for b in range(bands)],
        "gmsd": gmsd(*luminance),
    }


def images() -> dict:
    plain = synthetic(14, 17, 3, noise=30, gain=1)
    coarse = synthetic(13, 12, 3, noise=120, gain=0.9)
    holed = synthetic(16, 18, 3, noise=60, gain=1.05)
    small = synthetic(6, 9, 3, noise=60, gain=1)
    return {
        "plain": image_case(*plain, 0, 1200),
        "clipped": image_case(*coarse, 300, 800),
        "without data": image_case(without_data(holed[0]), holed[1], 0, 1200),
        "smaller than the SSIM window": image_case(*small, 0, 1200),
    }


CURVES = {
    "four points each": (
        [[0.2, 30.1], [0.4, 32.9], [0.6, 34.4], [1.0, 36.2]],
        [[0.21, 31.2], [0.39, 33.6], [0.64, 35.9], [0.98, 37.5]],
    ),
    "partial overlap": (
        [[0.1, 25.2], [0.3, 29.8], [0.5, 31.1]],
        [[0.25, 27.4], [0.5, 31.9], [0.9, 33.0], [1.6, 37.1], [3.1, 38.4]],
    ),
    "two points against many": (
        [[0.2, 20.0], [2.0, 40.0]],
        [[0.15, 21.0], [0.3, 23.5], [0.45, 33.0], [0.7, 33.2], [1.1, 34.0], [2.4, 45.0]],
    ),
    "crossing": (
        [[0.2, 30.0], [0.5, 33.0], [0.8, 36.5], [1.3, 37.0]],
        [[0.2, 31.0], [0.5, 33.2], [0.8, 34.5], [1.3, 38.2]],
    ),
}


def mean_difference(first: np.ndarray, second: np.ndarray) -> tuple[float, list[float]]:
    """Of two arrays of x and y, over the x that both cover."""
    low, high = max(first[0, 0], second[0, 0]), min(first[-1, 0], second[-1, 0])
    a, b = (PchipInterpolator(*curve.T).integrate(low, high) for curve in (first, second))
    return float((b - a) / (high - low)), [float(low), float(high)]


def delta_case(reference: list, test: list) -> dict:
    over_rate = [np.array([[np.log10(r), q] for r, q in curve]) for curve in (reference, test)]
    over_quality = [curve[:, ::-1] for curve in over_rate]
    log_rate, qualities = mean_difference(*over_quality)
    quality, log_rates = mean_difference(*over_rate)
    return {
        "reference": reference,
        "test": test,
        "rate": (10**log_rate - 1) * 100,
        "qualities": qualities,
        "quality": quality,
        "rates": [round(10**value, 9) for value in log_rates],
    }


KNOTS = {
    "two points": ([0.5, 2.0], [3.0, -1.0]),
    "an extremum, a plateau": ([0, 1, 1.5, 3, 4, 6], [0, 2, 1, 1, 5, 4.5]),
    "an end that would overshoot": ([0, 1, 1.2, 4], [0, 0.2, 3, 3.1]),
    "an end limited to three secants": ([0, 1, 1.1, 2], [0, 1, -2, -2.5]),
}


def pchip_case(x: list, y: list) -> dict:
    curve = PchipInterpolator(x, y)
    bounds = [x[0] + 0.1 * (x[-1] - x[0]), x[0] + 0.83 * (x[-1] - x[0])]
    return {
        "x": x,
        "y": y,
        "slopes": curve.derivative()(x).tolist(),
        "bounds": bounds,
        "integral": float(curve.integrate(*bounds)),
    }


def write_json(name: str, content: dict) -> None:
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    (GOLDEN / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write_json("images.json", images())
    deltas = {name: delta_case(*curves) for name, curves in CURVES.items()}
    interpolants = {name: pchip_case(*knots) for name, knots in KNOTS.items()}
    write_json("bjontegaard.json", {"deltas": deltas, "interpolants": interpolants})


if __name__ == "__main__":
    main()
