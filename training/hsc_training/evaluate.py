"""Rate and distortion of exported models over the test cubes (never for tuning).

bpp is the sum of the tables' code lengths over pixels; `file` adds the 24 bytes that a single-tile
file may spend on everything else. PSNR is over the native bands inside the grid, peak 1 after
scaling by the cube's 0.02 and 99.9 percentiles and clipping.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .data import data_folder, load_cube
from .export import MODELS
from .exported import POSITION_STEPS, ExportedModel
from .grid import bands_inside, grid_wavelengths, resample_matrix
from .simulator import normalise
from .spec import LABELS

HEADER_BYTES = 24


def psnr(a, b):
    """Peak 1, in dB."""
    return float(-10 * torch.log10((a.double() - b.double()).square().mean()))


class TestCube:
    """One cube: `native` 0..1 [bands, h, w] inside the grid's range and the maps to the grid and back."""

    def __init__(self, path, grid):
        cube, wavelengths = load_cube(path)
        inside = bands_inside(wavelengths, grid)
        self.name = path.stem
        self.native = normalise(torch.from_numpy(np.ascontiguousarray(cube[:, :, inside]))).permute(2, 0, 1)
        self._onto = torch.from_numpy(resample_matrix(wavelengths[inside], grid).astype(np.float32))
        self._back = torch.from_numpy(resample_matrix(grid, wavelengths[inside]).astype(np.float32))

    @property
    def pixels(self):
        return self.native.shape[1] * self.native.shape[2]

    def on_grid(self):
        return torch.einsum("gb,bhw->ghw", self._onto, self.native).contiguous()

    def psnr_of(self, reconstruction):
        """PSNR of a reconstruction on the grid."""
        back = torch.einsum("bg,ghw->bhw", self._back, reconstruction.clamp(0, 1))
        return psnr(back, self.native)

    def psnr_of_mean_spectrum(self):
        return psnr(self.native.mean((1, 2), keepdim=True).expand_as(self.native), self.native)

    def psnr_of_grid(self):
        """The ceiling that resampling to the grid and back sets."""
        return self.psnr_of(self.on_grid())


def evaluate(model, cube, position):
    """{bpp, file bpp, PSNR} of one cube at rate position 0..4."""
    x, r = cube.on_grid(), round(position * POSITION_STEPS)
    e = model.encode(x, r)
    bits = e.y_bits + e.z_bits
    reconstruction = model.decode(e.q, e.mean, r, *x.shape[1:])
    return {
        "bpp": bits / cube.pixels, "z_bpp": e.z_bits / cube.pixels,
        "file": 8 * (np.ceil(bits / 8) + HEADER_BYTES) / cube.pixels, "psnr": cube.psnr_of(reconstruction),
    }


def results(models, cubes):
    """Yields one dict per cube (bounds) and one per cube, model and target rate."""
    for cube in cubes:
        bounds = {"mean_spectrum": cube.psnr_of_mean_spectrum(), "grid": cube.psnr_of_grid()}
        start = {"cube": cube.name, "pixels": list(cube.native.shape[1:]), "bands": len(cube.native)}
        yield start | {key: round(value, 2) for key, value in bounds.items()}
        for model in models:
            for k, target in enumerate(model.spec.target_rates):
                figures = {key: round(float(v), 4) for key, v in evaluate(model, cube, k).items()}
                yield {"cube": cube.name, "model": model.spec.name, "target": target} | figures


def markdown(rows):
    """Tables for docs/models.md: per model and cube, file bpp and PSNR at every target rate."""
    bounds = {row["cube"]: row for row in rows if "model" not in row}
    lines = []
    for model in dict.fromkeys(row["model"] for row in rows if "model" in row):
        own = [row for row in rows if row.get("model") == model]
        targets = sorted({row["target"] for row in own})
        head = ["cube", "pixels, bands", "mean spectrum", *(f"r_t {t}" for t in targets)]
        lines += ["", f"**{LABELS[model]}**", "", _line(head), _line(["---"] * len(head))]
        for name, bound in bounds.items():
            cells = [f"{row['file']:.3f} / {row['psnr']:.2f}" for row in own if row["cube"] == name]
            size = f"{bound['pixels'][0]} × {bound['pixels'][1]}, {bound['bands']}"
            lines.append(_line([name, size, f"{bound['mean_spectrum']:.2f}", *cells]))
    return "\n".join(lines)


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description="Rate-distortion of exported models over the test cubes.")
    parser.add_argument("--models", default=",".join(LABELS))
    parser.add_argument("--folder", type=Path, default=MODELS)
    parser.add_argument("--cubes", type=Path, default=None, help="folder of .npz cubes")
    parser.add_argument("--markdown", action="store_true", help="tables instead of JSON lines")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    folder = arguments.cubes or data_folder() / "cubes" / "test"
    files = [arguments.folder / f"{name}.safetensors" for name in arguments.models.split(",")]
    models = [ExportedModel(file.read_bytes()) for file in files]
    cubes = [TestCube(p, grid_wavelengths(models[0].spec.grid)) for p in sorted(folder.glob("*.npz"))]
    rows = []
    for row in results(models, cubes):
        rows.append(row)
        if not arguments.markdown:
            print(json.dumps(row), flush=True)
    if arguments.markdown:
        print(markdown(rows))


if __name__ == "__main__":
    main()
