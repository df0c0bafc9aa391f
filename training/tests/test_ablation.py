"""Networks of the ablation: 3-D convolutions, their start, a few steps, the golden file."""

import unittest

from . import needs_torch

needs_torch.require()

import numpy as np
import torch
import torch.nn.functional as F

from hsc_training import golden_ablation, safetensors
from hsc_training.ablation import PLACEMENTS, Lane, ablation_spec
from hsc_training.layers import SpectralConv, SpectralUp

torch.set_num_threads(1)


def _volume(x, depth):
    """[n, depth * c, h, w] -> [n, c, depth, h, w]."""
    return x.unflatten(1, (depth, -1)).transpose(1, 2)


class SpectralConvolutions(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.x = torch.randn(2, 5 * 2, 8, 6)

    def test_are_three_dimensional_ones(self):
        for stride in (1, 2):
            layer = SpectralConv(5, 2, 3, 3, stride)
            kernel = layer.weight.unflatten(1, (3, 2)).transpose(1, 2)
            expected = F.conv3d(_volume(self.x, 5), kernel, layer.bias, (1, stride, stride), 1)
            torch.testing.assert_close(_volume(layer(self.x), 5), expected, rtol=1e-4, atol=1e-5)

    def test_upwards_too(self):
        layer = SpectralUp(5, 2, 3, 3)
        # Transposed over the spectrum as well, the taps turn round.
        kernel = layer.weight.unflatten(1, (3, 2)).permute(2, 0, 1, 3, 4).flip(2)
        expected = F.conv_transpose3d(_volume(self.x, 5), kernel, layer.bias, (1, 2, 2), 1, (0, 1, 1))
        torch.testing.assert_close(_volume(layer(self.x), 5), expected, rtol=1e-4, atol=1e-5)


class Ablation(unittest.TestCase):
    def test_every_placement_learns(self):
        g = torch.Generator().manual_seed(2)
        x = 0.3 * torch.randn(2, 128, 32, 32, generator=g).cumsum(1) / 8
        for placement in PLACEMENTS:
            lane = Lane(placement, "vnir-128", x, seed=1, rate=2e-3, steps=8)
            before, _ = lane.check(x)
            for _ in range(8):
                lane.train_step(x)
            after, bpp = lane.check(x)
            self.assertGreater(after, before, placement)
            self.assertGreater(bpp, 0)

    def test_latents_are_as_many_everywhere(self):
        for grid in ("vnir-128", "vswir-200"):
            self.assertEqual(len({ablation_spec(grid, own).latent_channels for own in PLACEMENTS}), 1)

    def test_golden_file_is_what_the_code_makes(self):
        kept, _ = safetensors.from_bytes((golden_ablation.GOLDEN / "ablation.safetensors").read_bytes())
        for placement in ("se-both", "3d-all"):
            _, made = golden_ablation.tensors(placement, golden_ablation.test_image())
            for name, value in made.items():
                np.testing.assert_allclose(kept[f"{placement}/{name}"], value, rtol=1e-4, atol=1e-6, err_msg=name)


if __name__ == "__main__":
    unittest.main()
