"""Where the shared data lies, the pre-computed pool of patches, and random training batches."""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch

from .frame import aligned, principal_rows, quantised, random_alignment
from .grid import GRIDS, VNIR_128, bands_inside, resample_matrix
from .simulator import Simulator, TextureArchive, load_library, normalise

PACKAGE_ROOT = Path(__file__).resolve().parents[1]
CACHE = PACKAGE_ROOT / "cache"
MODELS = PACKAGE_ROOT.parent / "models"
POOL_SIZE = 112
# Real cubes that cover less of a grid than this tell little of it.
MINIMUM_COVERAGE_NM = {"vnir-128": 350.0, "vswir-200": 1500.0}
# Cubes of objects on a bench are seen less often than scenes: weight of names that start so.
LABORATORY = {"silicon": 0.2}
TEST_FOLDER = "test"
# Real cubes for validation; no training, statistics or tables come from them.
VALIDATION_CUBES = ("abu_airport_4", "hydice2_ad", "moffett50")


def data_folder():
    """The shared data: the folder named by HSI_DATA, else ../shared/data; None when absent."""
    named = os.environ.get("HSI_DATA")
    folder = Path(named) if named else PACKAGE_ROOT.parents[1] / "shared" / "data"
    return folder if folder.is_dir() else None


def load_cube(path):
    """(cube float32 [height, width, bands], wavelengths in nm [bands]) of one .npz and its sidecar.

    Where the sensor's table is missing, the sidecar's approximate wavelengths are used. Raises
    PermissionError for the test cubes: nothing may be trained, tuned or selected on them.
    """
    if Path(path).resolve().parent.name == TEST_FOLDER:
        raise PermissionError(f"{path} is a test cube: training code must not read it")
    cube = np.load(path)["cube"].astype(np.float32)
    sidecar = json.loads(Path(path).with_suffix(".json").read_text())
    wavelengths = sidecar.get("wavelengths_nm") or sidecar.get("wavelengths_nm_approx")
    return cube, np.asarray(wavelengths, dtype=np.float64)


def cube_on_grid(cube, wavelengths, grid=VNIR_128):
    """Bands inside the grid's range, normalised to 0..1, on the grid: float32 [bands, h, w]."""
    inside = bands_inside(wavelengths, grid)
    native = normalise(torch.from_numpy(np.ascontiguousarray(cube[:, :, inside])))
    matrix = torch.from_numpy(resample_matrix(wavelengths[inside], grid).astype(np.float32))
    return (native @ matrix.T).permute(2, 0, 1).contiguous()


def training_cubes(folder, least=POOL_SIZE, part="train", grid="vnir-128"):
    """(name, cube on the named grid, weight) of every real cube of a part; the weight goes by its area.

    Cubes smaller than `least` pixels a side are reflected up to it. The test cubes lie in another
    folder, which nothing here reads.
    """
    cubes = []
    for path in sorted((folder / "cubes" / "train").glob("*.npz")):
        if (path.stem in VALIDATION_CUBES) != (part == "validation"):
            continue
        cube, wavelengths = load_cube(path)
        inside = bands_inside(wavelengths, GRIDS[grid])
        if len(inside) < 2 or np.ptp(wavelengths[inside]) < MINIMUM_COVERAGE_NM[grid]:
            continue
        pixels = cube_on_grid(cube, wavelengths, GRIDS[grid]).numpy()
        grow = [(0, 0)] + [(0, max(0, least - n)) for n in pixels.shape[1:]]
        padded = np.pad(pixels, grow, mode="symmetric")
        weight = pixels.shape[1] * pixels.shape[2] * LABORATORY.get(path.stem.split("_")[0], 1)
        cubes.append((path.stem, torch.from_numpy(padded), weight))
    return cubes


def pool_path(part, grid="vnir-128"):
    return CACHE / (f"pool-{part}.npy" if grid == "vnir-128" else f"pool-{grid}-{part}.npy")


def make_pool(part, count, seed, grid="vnir-128"):
    """Simulates `count` patches once and keeps them as uint16 [count, bands, size, size]."""
    folder = data_folder()
    if folder is None:
        raise SystemExit("no shared data: put it at ../shared/data or name its folder in HSI_DATA")
    textures = TextureArchive([folder / "textures_core.zip", folder / "textures_more.zip"], part)
    simulator = Simulator(textures, load_library(folder / "spectra.npz", GRIDS[grid]), GRIDS[grid], POOL_SIZE)
    CACHE.mkdir(exist_ok=True)
    shape = (count, len(GRIDS[grid]), POOL_SIZE, POOL_SIZE)
    pool = np.lib.format.open_memmap(pool_path(part, grid), "w+", np.uint16, shape)
    for i in range(count):
        pool[i] = (simulator.patch(seed + i).numpy() * 65535 + 0.5).astype(np.uint16)
        if i % 50 == 49:
            pool.flush()
            print(f"{part}: {i + 1} of {count} patches", flush=True)


class Crops:
    """Random training crops [channels, size, size] from a pool and cubes, turned and flipped."""

    def __init__(self, pool, cubes, crop, real_share, seed):
        self.pool, self.crop, self.real_share = pool, crop, real_share
        self.cubes = [cube for _, cube, _ in cubes]
        weight = np.sqrt([own for _, _, own in cubes])
        self.weight = weight / weight.sum() if len(cubes) else weight
        self.random = np.random.default_rng(seed)

    def crop_and_gain(self):
        """(crop, float32, turned; a factor of brightness)."""
        r, n = self.random, self.crop
        if len(self.cubes) and r.random() < self.real_share:
            source = self.cubes[r.choice(len(self.cubes), p=self.weight)]
        else:
            source = self.pool[int(r.integers(len(self.pool)))]
        top, left = (int(r.integers(s - n + 1)) for s in source.shape[1:])
        patch = _floats(source[:, top : top + n, left : left + n])
        patch = torch.rot90(patch, int(r.integers(4)), (1, 2))
        if r.random() < 0.5:
            patch = patch.flip(2)
        return patch, float(r.uniform(0.75, 1.15))


def _floats(samples):
    """uint16 of a pool (0..1), float16 coordinates or a cube's float32 tensor -> float32 tensor."""
    if isinstance(samples, torch.Tensor):
        return samples
    own = torch.from_numpy(samples.astype(np.float32))
    return own / 65535 if samples.dtype == np.uint16 else own


def crops_of(grid, part="train", crop=96, real_share=0.38, seed=1):
    """Random crops of the pool and the real cubes of a part on the named grid."""
    pool = np.load(pool_path(part, grid), mmap_mode="r")
    return Crops(pool, training_cubes(data_folder(), part=part, grid=grid), crop, real_share, seed)


def crops_from(options, seed, grid="vnir-128"):
    """Random training crops as a run's `options` ask for."""
    return crops_of(grid, "train", options["crop"], options["real_share"], seed)


def held_back_crops(grid, real_share):
    """Crops of held-back patches and cubes, the same every time."""
    return crops_of(grid, "validation", POOL_SIZE - 16, real_share, seed=3)


class Batches:
    """Random batches of 0..1 images or of standardised, aligned ones, [n, bands, size, size]."""

    def __init__(self, crops):
        self.crops = crops

    def batch(self, size):
        return torch.stack([self._sample() for _ in range(size)])

    def _sample(self):
        patch, gain = self.crops.crop_and_gain()
        return (patch * gain).clamp(0, 1)

    def aligned(self, size, codec):
        """Images as the networks see them: standardised, in random frames like those of files."""
        return torch.stack([self._aligned(codec, self._sample()) for _ in range(size)])

    def _aligned(self, codec, image):
        x, frame = codec.standardise(image), codec.frame
        if frame is None:
            return x
        c = frame.coordinates(x)
        return frame.move(x, c, random_alignment(frame, c, self.crops.random))


class CoordinateBatches:
    """Random batches of aligned coordinates [n, K, size, size] on the spectral axes of a codec."""

    def __init__(self, codec, crops):
        self.frame, self.crops = codec.frame, crops
        black = self.frame.mean - codec.standardise(torch.zeros(len(self.frame.mean), 1, 1)).flatten()
        self.mean_level = (self.frame.basis @ black)[:, None, None]

    @staticmethod
    def of(codec, part, crop=96, real_share=0.38, seed=1):
        grid = codec.spec.grid
        coordinates = _pool_coordinates(codec, np.load(pool_path(part, grid), mmap_mode="r"))
        cubes = training_cubes(data_folder(), part=part, grid=grid)
        cubes = [(name, codec.frame.coordinates(codec.standardise(cube)), weight) for name, cube, weight in cubes]
        return CoordinateBatches(codec, Crops(coordinates, cubes, crop, real_share, seed))

    def batch(self, size):
        return torch.stack([self._sample() for _ in range(size)])

    def _sample(self):
        patch, gain = self.crops.crop_and_gain()
        c = patch * gain + (gain - 1) * self.mean_level
        return random_alignment(self.frame, c, self.crops.random)

    def validation_patch(self, i):
        """Patch i of the cubes, then of the pool, in its own frame of four rows."""
        crops = self.crops
        source = crops.cubes[i] if i < len(crops.cubes) else crops.pool[i - len(crops.cubes)]
        c = _floats(source[:, : crops.crop, : crops.crop])
        mean, rows, _ = principal_rows(c, 4)
        return aligned(c, *quantised(self.frame, mean, rows, [3] * 5))


def _pool_coordinates(codec, pool):
    """float16 [patches, K, size, size]."""
    result = np.empty((len(pool), len(codec.frame.basis), *pool.shape[2:]), np.float16)
    for i, patch in enumerate(pool):
        result[i] = codec.frame.coordinates(codec.standardise(_floats(patch))).numpy()
    return result


def main():
    parser = argparse.ArgumentParser(description="Simulate the pools of training and validation patches.")
    parser.add_argument("--train", type=int, default=1500)
    parser.add_argument("--validation", type=int, default=48)
    parser.add_argument("--grid", choices=MINIMUM_COVERAGE_NM, default="vnir-128")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    make_pool("validation", arguments.validation, 10_000_000, arguments.grid)
    make_pool("train", arguments.train, 0, arguments.grid)


if __name__ == "__main__":
    main()
