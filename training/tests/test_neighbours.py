"""The neighbours: shapes, quantiser, a few steps, resuming, the weights file, the golden files."""

import tempfile
import unittest
from pathlib import Path

from . import needs_torch

needs_torch.require()

import torch

from hsc_training import golden_neighbours, safetensors
from hsc_training.neighbour_export import coarsen, tensors_of
from hsc_training.neighbour_training import Run
from hsc_training.neighbours import NETWORKS, STUDIO, TINY, entropy, neighbour

BANDS = golden_neighbours.BANDS


def images(count=2):
    return torch.rand(count, BANDS, 16, 24, generator=torch.Generator().manual_seed(4))


def tiny_run(name, steps=40):
    run = Run.new(name, steps, 3e-3, 1)
    run.net = neighbour(name, TINY, BANDS)
    run.optimiser = torch.optim.Adam([{"params": list(run.net.parameters()), "factor": 1.0}], run.lr)
    return run


class Networks(unittest.TestCase):
    def test_compression_ratios_are_the_published_ones(self):
        """Values an image has, over its latents."""
        ratios = {name: 128 * net.stride**2 / net.components for name in NETWORKS for net in [neighbour(name, STUDIO)]}
        self.assertEqual(ratios, {"cae-1d": 4, "sscnet": 16, "cae-3d": 16})

    def test_latents_and_reconstruction_have_their_shapes(self):
        for name in NETWORKS:
            net = neighbour(name, TINY, BANDS).eval()
            x = images()
            y = net.analyse(x)
            self.assertEqual(y.shape, (2, net.components, 16 // net.stride, 24 // net.stride))
            self.assertEqual(net.synthesise(y).shape, x.shape)

    def test_cae_1d_sees_one_pixel_at_a_time(self):
        net = neighbour("cae-1d", TINY, BANDS).eval()
        x = images(1)
        turned = net.synthesise(net.analyse(x.flip(2))).flip(2)
        torch.testing.assert_close(turned, net.synthesise(net.analyse(x)))

    def test_noise_while_training_is_as_large_as_the_quantiser(self):
        net = golden_neighbours.tiny("sscnet")
        seen = []
        net.synthesise = lambda y: seen.append(y) or y
        for training in (True, False):
            net.train(training)
            net(images())
        y = net.eval().analyse(images())
        for made in seen:
            self.assertTrue(((made - y).abs() <= 0.51 * net.steps).all())
        self.assertTrue(torch.equal((seen[1] / net.steps).round() * net.steps, seen[1]))


class Training(unittest.TestCase):
    def test_steps_lower_the_error_and_follow_the_spread(self):
        for name in NETWORKS:
            torch.manual_seed(2)
            run, x = tiny_run(name), images(4)
            first = run.train_step(x, False)
            errors = [run.train_step(x, step < 20) for step in range(39)]
            self.assertLess(errors[-1], first)
            self.assertNotEqual(float(run.net.spread[0]), 1.0)
            self.assertLess(run.learning_rate(), 0.02 * run.lr)

    def test_a_resumed_run_is_the_uninterrupted_one(self):
        run = Run.new("cae-1d", 10, 1e-3, 3)
        x = torch.rand(1, 128, 2, 2)
        run.train_step(x, False)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.pt"
            run.save(path)
            on, longer = Run.load(path), Run.load(path, 20)
            self.assertEqual((longer.steps, longer.step), (20, 1))
            torch.set_rng_state(torch.load(path, weights_only=True)["random"])
            expected = [run.train_step(x, False) for _ in range(3)]
            torch.set_rng_state(torch.load(path, weights_only=True)["random"])
            self.assertEqual([on.train_step(x, False) for _ in range(3)], expected)

    def test_validation_counts_bits_and_quantisation(self):
        self.assertEqual(entropy(torch.tensor([0.0, 1.0, 2.0, 3.0])), 2.0)
        net = golden_neighbours.tiny("cae-3d")
        fine, _ = net.validate(images()), net.spread.mul_(64)
        coarse = net.validate(images())
        self.assertLess(coarse["bpp"], fine["bpp"])
        self.assertEqual(coarse["unquantised"], fine["unquantised"])


class WeightsFile(unittest.TestCase):
    def test_coarsening_stops_before_it_costs_too_much(self):
        net = golden_neighbours.tiny("sscnet")
        before = net.spread.clone()
        doublings = coarsen(net, images())
        torch.testing.assert_close(net.spread, before * 2.0**doublings)

    def test_normalisation_is_folded_into_the_convolutions(self):
        net = golden_neighbours.tiny("cae-3d")
        tensors = tensors_of(net)
        x = images(1)[:, None]
        first = torch.nn.functional.conv3d(
            x, torch.from_numpy(tensors["encoder.0.kernel"]).permute(4, 3, 0, 1, 2),
            torch.from_numpy(tensors["encoder.0.bias"]), (1, 2, 2), (0, 2, 2),
        )
        torch.testing.assert_close(torch.nn.functional.leaky_relu(first), net.encoder[0](x))

    def test_golden_files_are_what_the_code_makes(self):
        for name, data in golden_neighbours.files().items():
            kept, metadata = safetensors.from_bytes((golden_neighbours.GOLDEN / f"{name}.safetensors").read_bytes())
            made, own = safetensors.from_bytes(data)
            self.assertEqual(metadata, own)
            self.assertEqual(kept.keys(), made.keys())
            for key, value in made.items():
                torch.testing.assert_close(torch.tensor(value), torch.tensor(kept[key]), rtol=1e-4, atol=1e-5)


if __name__ == "__main__":
    unittest.main()
