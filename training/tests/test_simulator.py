"""The simulator is deterministic and stays in 0..1; training, validation and test data are apart."""

import unittest

from . import needs_torch

needs_torch.require()

import torch

from hsc_training.data import VALIDATION_CUBES, load_cube, training_cubes
from hsc_training.grid import VSWIR_200
from hsc_training.simulator import Simulator, SpectralLibrary, TextureArchive, _chroma, load_library, normalise

torch.set_num_threads(1)


class MadeUpTextures:
    """Two smooth images instead of the shared ones."""

    def __len__(self):
        return 2

    def linear_rgb(self, index):
        y, x = torch.meshgrid(torch.linspace(0, 9, 80), torch.linspace(0, 9, 90), indexing="ij")
        return torch.stack([torch.sin(x + index), torch.cos(y), torch.sin(x * y / 9)]) / 2.2 + 0.5


def made_up_library(bands=128):
    wave = torch.linspace(0, 1, bands)
    spectra = torch.stack([0.1 + 0.6 * torch.rand(1) * (1 + torch.sin(6 * wave + i)) / 2 for i in range(80)])
    return SpectralLibrary(spectra, _chroma(spectra[:, [50, 30, 10]]))


class Simulation(unittest.TestCase):
    def test_same_seed_same_patch(self):
        simulator = Simulator(MadeUpTextures(), made_up_library(), size=48)
        one, two, other = simulator.patch(3), simulator.patch(3), simulator.patch(4)
        self.assertTrue(torch.equal(one, two))
        self.assertFalse(torch.equal(one, other))
        self.assertEqual(tuple(one.shape), (128, 48, 48))
        self.assertTrue(bool(torch.isfinite(one).all()))
        self.assertGreaterEqual(float(one.min()), 0)
        self.assertLessEqual(float(one.max()), 1)

    def test_patches_to_the_short_wave_infrared(self):
        simulator = Simulator(MadeUpTextures(), made_up_library(200), VSWIR_200, size=48)
        patches = torch.stack([simulator.patch(seed) for seed in range(6)])
        self.assertEqual(tuple(patches.shape), (6, 200, 48, 48))
        self.assertTrue(bool(torch.isfinite(patches).all()))
        self.assertGreater(float(patches.std((0, 2, 3)).min()), 0)

    def test_normalise_clips_percentiles(self):
        out = normalise(torch.linspace(-5, 20, 100_000))
        self.assertEqual((float(out.min()), float(out.max())), (0.0, 1.0))

    def test_parts_share_no_texture(self):
        folder = needs_torch.require_data()
        zips = [folder / "textures_core.zip", folder / "textures_more.zip"]
        train, validation = (set(TextureArchive(zips, part).names()) for part in ("train", "validation"))
        self.assertFalse(train & validation)
        self.assertGreater(len(validation), 100)

    def test_library_is_complete(self):
        folder = needs_torch.require_data()
        library = load_library(folder / "spectra.npz")
        self.assertGreater(len(library.spectra), 5000)
        self.assertTrue(bool(torch.isfinite(library.spectra).all()))
        wide = load_library(folder / "spectra.npz", VSWIR_200)
        self.assertGreater(len(wide.spectra), 3000)
        self.assertTrue(bool(torch.isfinite(wide.spectra).all()))

    def test_cubes_on_the_wide_grid_cover_most_of_it(self):
        folder = needs_torch.require_data()
        cubes = training_cubes(folder, least=1, grid="vswir-200")
        self.assertGreater(len(cubes), 3)
        for name, cube, _ in cubes:
            self.assertEqual(len(cube), 200, name)
            self.assertGreater(float(cube[-20:].std()), 0, name)

    def test_cubes_are_of_one_part_each(self):
        folder = needs_torch.require_data()
        train, validation = ({name for name, _, _ in training_cubes(folder, part=p)} for p in ("train", "validation"))
        self.assertEqual(validation, set(VALIDATION_CUBES))
        self.assertFalse(train & validation)
        tests = sorted((folder / "cubes" / "test").glob("*.npz"))
        self.assertFalse(train & {path.stem for path in tests})
        for path in tests:
            with self.assertRaisesRegex(PermissionError, "test cube"):
                load_cube(path)


if __name__ == "__main__":
    unittest.main()
