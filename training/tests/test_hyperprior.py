"""The hyperprior: shapes, rates, a few steps, resuming, its weights file."""

import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from . import needs_torch

needs_torch.require()

import numpy as np
import torch

from hsc_training.hyperprior import TINY, Gdn, Hyperprior
from hsc_training.hyperprior_export import integer_scales, to_file
from hsc_training.linear_start import start_linear
from hsc_training.neighbour_training import Run


def images(count=2, size=32):
    return torch.rand(count, TINY.bands, size, size, generator=torch.Generator().manual_seed(4))


def tiny_run(steps=60):
    run = Run.new("hyperprior", steps, 3e-3, 1)
    run.net = Hyperprior(TINY)
    run.optimiser = torch.optim.Adam([{"params": list(run.net.parameters()), "factor": 1.0}], run.lr)
    return run


class Network(unittest.TestCase):
    def test_groups_are_images_of_their_own(self):
        net, x = Hyperprior(TINY), images(1)
        groups = net.groups(x)
        self.assertEqual(groups.shape, (4, 4, 32, 32))
        y = net.encoder(groups)
        self.assertEqual(y.shape, (4, TINY.latent_channels, 2, 2))
        torch.testing.assert_close(net.encoder(groups[1:2]), y[1:2])
        self.assertEqual(net.decoder(y).shape, groups.shape)

    def test_normalisation_and_its_inverse_are_those_of_the_paper(self):
        x = torch.randn(1, 3, 2, 2)
        for inverse in (False, True):
            norm = Gdn(3, inverse)
            norm.root_gamma.data.uniform_(0, 1)
            energy = norm.beta[None, :, None, None] + torch.einsum("oi,nihw->nohw", norm.gamma, x**2)
            torch.testing.assert_close(norm(x), x * energy ** (0.5 if inverse else -0.5))

    def test_finer_rates_have_finer_symbols_and_gains_between(self):
        net = Hyperprior(TINY)
        gains = net.gains(torch.tensor([1.0, 1.5, 2.0]))
        torch.testing.assert_close(gains[1], (gains[0] * gains[2]).sqrt())
        self.assertTrue((gains[2] > gains[0]).all())
        last = net.gains(torch.tensor([4.0]))
        torch.testing.assert_close(last[0, :, 0, 0], net.log_gains[4].exp())


class LinearStart(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(6)
        waves = torch.linspace(0, 3, 64)
        rows, columns = (torch.sin(waves[None, :] * torch.rand(6, 1) + torch.rand(6, 1)) for _ in range(2))
        brightness = torch.linspace(0.5, 1, TINY.bands)[None, :, None, None]
        self.images = 0.25 + 0.2 * brightness * (rows[:, :, None] * columns[:, None, :])[:, None]
        self.net = Hyperprior(TINY).eval()
        self.groups = self.net.groups(self.images)

    def error(self):
        with torch.no_grad():
            made = self.net.decoder(self.net.encoder(self.groups))
            return float((made - self.groups).square().mean() / self.groups.square().mean())

    def test_what_few_components_hold_goes_through_unharmed(self):
        self.assertGreater(self.error(), 0.5)
        start_linear(self.net, self.groups)
        self.assertLess(self.error(), 0.002)

    def test_rates_are_in_order_and_errors_near_those_of_their_steps(self):
        start_linear(self.net, self.groups)
        found = self.net.validate(self.images)
        for coarser, finer in zip(found, found[1:]):
            self.assertLess(coarser["psnr"], finer["psnr"])
        steps = [12 / (2 * np.log(2) * own) for own in TINY.lambdas]
        for own, step in zip(found, steps):
            self.assertGreater(own["psnr"], -10 * np.log10(step / 12))

    def test_more_maps_than_values_are_refused(self):
        net = Hyperprior(replace(TINY, filters=17))
        with self.assertRaisesRegex(ValueError, "17 feature maps of blocks of 16"):
            start_linear(net, self.groups)


class Training(unittest.TestCase):
    def test_steps_lower_the_error(self):
        torch.manual_seed(2)
        run, x = tiny_run(), images(4)
        errors = [run.train_step(x, step < 20) for step in range(60)]
        self.assertLess(np.mean(errors[-10:]), 0.8 * np.mean(errors[:10]))

    def test_a_resumed_run_is_the_uninterrupted_one(self):
        run, x = Run.new("hyperprior", 10, 1e-3, 3), torch.rand(1, 128, 16, 16)
        run.train_step(x, False)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.pt"
            run.save(path)
            expected = run.train_step(x, False)
            self.assertEqual(Run.load(path).train_step(x, False), expected)

    def test_validation_tells_all_rates(self):
        found = Hyperprior(TINY).eval().validate(images())
        self.assertEqual(len(found), len(TINY.lambdas))
        self.assertTrue(all(0 < own["side"] < 1 and own["bpp"] > 0 for own in found))


class WeightsFile(unittest.TestCase):
    def test_integer_scales_charge_what_training_measures(self):
        torch.manual_seed(5)
        run, x = tiny_run(), images(4, 64)
        for _ in range(60):
            run.train_step(x, False)
        net = run.net.eval()
        groups = net.groups(x)
        _, cost = to_file(net, groups, {"steps": 60}, half=False)
        self.assertLess(abs(cost), 0.005)
        self.assertEqual(integer_scales(lambda *_: torch.tensor([-99.0, 31, 32, 9999]), None, 0, 0).tolist(), [0, 0, 1, 63])


if __name__ == "__main__":
    unittest.main()
