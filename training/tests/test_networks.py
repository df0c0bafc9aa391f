"""Architecture: parameter counts of the paper, shapes, 3-D ends, spec JSON, grid."""

import unittest

from . import needs_torch

needs_torch.require()

import numpy as np
import torch
import torch.nn.functional as F

from hsc_training.branch import branch, regrid
from hsc_training.grid import VNIR_128, VSWIR_200, bands_inside, resample_matrix
from hsc_training.lapping import lap, unlap
from hsc_training.layers import SpectralAnalysis, SpectralSynthesis
from hsc_training.networks import (
    Codec, Discriminator, Encoder, Generator, HyperAnalysis, HyperSynthesis, parameter_count
)
from hsc_training.spec import VARIANTS, ArchitectureSpec, Conv3dSpec, preset

torch.set_num_threads(1)


class PaperPreset(unittest.TestCase):
    def test_parameter_counts_are_the_published_ones(self):
        spec = preset("paper", "hific-opt")
        hyper = parameter_count(HyperAnalysis(spec)) + 2 * parameter_count(HyperSynthesis(spec))
        counts = {
            "E": parameter_count(Encoder(spec)), "G": parameter_count(Generator(spec)), "P": hyper,
            "D": parameter_count(Discriminator(spec.bands, spec.latent_channels)),
        }
        millions = {name: round(count / 1e6, 2) for name, count in counts.items()}
        self.assertEqual(millions, {"E": 8.50, "G": 157.85, "P": 17.26, "D": 3.18})


class Spec(unittest.TestCase):
    def test_json_round_trip(self):
        for variant in VARIANTS:
            spec = preset("studio", variant)
            self.assertEqual(ArchitectureSpec.from_json(spec.to_json()), spec)

    def test_unknown_field_is_named(self):
        with self.assertRaisesRegex(ValueError, "architecture spec"):
            ArchitectureSpec.from_json('{"nom": 1}')


class Shapes(unittest.TestCase):
    def test_every_variant_halves_four_times_and_returns(self):
        for variant in VARIANTS:
            codec = Codec(preset("tiny", variant)).eval()
            x = torch.rand(2, 16, 48, 32)
            y = codec.analyse(x)
            self.assertEqual(tuple(y.shape), (2, 12, 3, 2))
            self.assertEqual(codec.synthesise(y, torch.rand(2)).shape, x.shape)
            z = codec.hyper_encode(y)
            self.assertEqual(tuple(z.shape), (2, 8, 1, 1))
            mean, index = codec.hyper_decode(z, 3, 2)
            self.assertEqual(mean.shape, y.shape)
            self.assertEqual(index.shape, y.shape)

    def test_discriminator_shapes(self):
        d = Discriminator(5, 3, (4, 4, 4, 4))
        self.assertEqual(tuple(d(torch.rand(1, 5, 32, 48), torch.rand(1, 3, 2, 3)).shape), (1, 1, 4, 6))


class SpectralEnds(unittest.TestCase):
    def test_analysis_equals_conv3d(self):
        module = SpectralAnalysis(16, Conv3dSpec(), 3)
        x = torch.randn(2, 16, 9, 7)
        weight = module.conv.weight[:, None]
        whole = F.conv3d(x[:, None], weight, module.conv.bias, stride=(4, 1, 1), padding=(3, 1, 1))
        torch.testing.assert_close(module(x), whole.permute(0, 2, 1, 3, 4).flatten(1, 2), atol=1e-5, rtol=1e-5)

    def test_synthesis_equals_conv_transpose3d(self):
        module = SpectralSynthesis(16, Conv3dSpec(), 3)
        x = torch.randn(2, 12, 9, 7)
        inputs = x.reshape(2, 4, 3, 9, 7).permute(0, 2, 1, 3, 4)
        whole = F.conv_transpose3d(inputs, module.weight[:, None], None, (4, 1, 1), (3, 1, 1), (3, 0, 0))
        torch.testing.assert_close(module(x), whole[:, 0], atol=1e-5, rtol=1e-5)


class Lapping(unittest.TestCase):
    def test_is_orthogonal_and_undone_whatever_is_visible(self):
        torch.manual_seed(4)
        x = torch.randn(2, 3, 64, 48)
        for visible in (None, (64, 48), (50, 47), (9, 48)):
            lapped = lap(x, 16, visible)
            torch.testing.assert_close(lapped.square().sum(), x.square().sum())
            torch.testing.assert_close(unlap(lapped, 16, visible), x, atol=1e-5, rtol=1e-5)

    def test_padding_does_not_reach_what_is_visible(self):
        x, visible = torch.randn(1, 1, 64, 64), (50, 64)
        other = torch.cat([x[:, :, :50], torch.zeros(1, 1, 14, 64)], 2)
        torch.testing.assert_close(lap(other, 16, visible)[:, :, :50], lap(x, 16, visible)[:, :, :50])


class Branching(unittest.TestCase):
    def test_se_starts_as_the_same_function(self):
        torch.manual_seed(3)
        codec = Codec(preset("tiny", "hific-opt")).eval()
        x = torch.rand(1, 16, 32, 32)
        se = branch(codec, "hific-se").eval()
        torch.testing.assert_close(se.analyse(x), codec.analyse(x), atol=1e-4, rtol=1e-4)
        y, rate = codec.analyse(x), torch.full((1,), 1.5)
        torch.testing.assert_close(se.synthesise(y, rate), codec.synthesise(y, rate), atol=1e-4, rtol=1e-4)


    def test_another_grid_keeps_what_knows_no_bands(self):
        torch.manual_seed(6)
        codec = Codec(preset("studio", "hific-se")).eval()
        g = torch.Generator().manual_seed(8)
        basis = torch.linalg.qr(torch.randn(200, codec.spec.frame.components, generator=g))[0].T
        mean, spread = torch.full((200,), 0.4), 0.2 / torch.arange(1, len(basis) + 1)[None, :, None, None]
        levels = torch.nn.functional.interpolate(torch.randn(4, len(basis), 4, 4, generator=g) * spread, size=32, mode="bilinear")
        images = torch.einsum("kb,nkhw->nbhw", basis, levels) + mean[:, None, None]
        wide = regrid(codec, "vswir-200", images, (mean, basis)).eval()
        self.assertEqual((wide.spec.bands, wide.spec.name), (200, "hific-se"))
        for part in ("bypass_synthesis.blocks.kernel", "log_gains", "generator.conv_in.weight", "generator.se_in.fc1.weight"):
            self.assertTrue(torch.equal(wide.get_parameter(part), codec.get_parameter(part)), part)
        c = wide.bypass_analysis.klt(wide.standardise(images))
        back = wide.bypass_synthesis.klt(c)
        error = (back - wide.standardise(images)).square().mean()
        self.assertLess(float(error), 0.05 * float(wide.standardise(images).var()))


class Grid(unittest.TestCase):
    def test_hand_computed_rows(self):
        # Target cells 10..12 and 12..14; source cells are one wide around 9.5, 10.5, ... 14.5.
        finer = resample_matrix([10, 11, 12, 13, 14], [11, 13])
        np.testing.assert_allclose(finer, [[0.25, 0.5, 0.25, 0, 0], [0, 0, 0.25, 0.5, 0.25]])
        coarser = resample_matrix([0, 10], [-1, 2.5, 5, 11])
        np.testing.assert_allclose(coarser, [[1, 0], [0.75, 0.25], [0.5, 0.5], [0, 1]])

    def test_order_does_not_matter(self):
        wavelengths = np.array([420.0, 430, 425, 500, 460, 458, 900])
        sorted_first = resample_matrix(np.sort(wavelengths), VNIR_128)
        rank = np.argsort(np.argsort(wavelengths))
        np.testing.assert_allclose(resample_matrix(wavelengths, VNIR_128), sorted_first[:, rank])

    def test_half_a_step_of_grace(self):
        self.assertEqual(list(bands_inside([397, 398, 500, 1002, 1003], VNIR_128)), [1, 2, 3])

    def test_what_water_vapour_takes_lies_outside(self):
        self.assertEqual(len(VSWIR_200), 200)
        self.assertEqual(list(bands_inside([1330, 1338, 1345, 1400, 1452, 1456, 1870, 2453, 2460], VSWIR_200)), [0, 1, 5, 7])


if __name__ == "__main__":
    unittest.main()
