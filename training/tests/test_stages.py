"""Latent stage, GAN stage and TripletNet on tiny networks; the encoder's rounding."""

import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from . import needs_torch

needs_torch.require()

import numpy as np
import torch

from hsc_training import distributed, golden, safetensors
from hsc_training.branch import add_change, visible_weights, weighted
from hsc_training.data import Batches, CoordinateBatches, Crops, data_folder
from hsc_training.entropy import conditional_bits, rate_and_reconstruction, rdo_rounded
from hsc_training.frame import Framed
from hsc_training.gan_stage import GanStage
from hsc_training.grid import GRIDS
from hsc_training.latent_stage import LatentStage, latent_pass
from hsc_training.networks import Codec
from hsc_training.objective import attention_penalty, lambdas_at, loss, random_positions
from hsc_training.perceptual import Lpips, stretched
from hsc_training.spec import preset
from hsc_training.ssim import ssim
from hsc_training.train import Trainer
from hsc_training.triplet_net import TAUGHT, TripletNet, agreement, coded_pairs, taught

torch.set_num_threads(1)
OPTIONS = {"lr": 1e-3, "lr_end": 1e-4, "schedule": "cosine", "steps": 4, "crop": 32, "batch": 2, "real_share": 0, "seed": 1}


def _crops(seed=1):
    pool = np.stack([(golden.test_cube(height=48, width=48).roll(i, 2).numpy() * 65535).astype(np.uint16) for i in range(3)])
    return Crops(pool, [], 32, 0, seed)


def _latent_stage(codec, seed=1):
    crops = _crops(seed)
    coordinates = [codec.frame.coordinates(codec.standardise(torch.from_numpy(x / np.float32(65535)))) for x in crops.pool]
    crops.pool = torch.stack(coordinates).numpy().astype(np.float16)
    return LatentStage(codec, CoordinateBatches(codec, crops), 6, 2, 1e-3)


class Rounding(unittest.TestCase):
    def test_is_the_cheapest_of_three(self):
        g = torch.Generator().manual_seed(1)
        residual, index = torch.randn(2, 5, 3, 3, generator=g) * 3, torch.rand(2, 5, 3, 3, generator=g) * 40
        weight = torch.tensor([0.02, 0.3]).view(-1, 1, 1, 1)
        found = rdo_rounded(residual, index, weight)
        nearest = (residual + 0.5).floor()
        candidates = torch.stack([nearest, nearest - nearest.sign(), torch.zeros_like(nearest)])
        costs = (residual - candidates) ** 2 + weight * torch.stack([conditional_bits(c, index) for c in candidates])
        cost = (residual - found) ** 2 + weight * conditional_bits(found, index)
        torch.testing.assert_close(cost, costs.min(0).values)
        self.assertTrue(bool((rdo_rounded(residual, index, 0.0) == nearest).all()))
        self.assertGreater(int((found == 0).sum()), int((nearest == 0).sum()))


class LatentStageRuns(unittest.TestCase):
    def test_goes_on_where_it_stopped(self):
        torch.manual_seed(2)
        whole = _latent_stage(golden.tiny_codec("hific-se").train())
        for _ in range(3):
            whole.train_step()
        with tempfile.TemporaryDirectory() as folder:
            whole.save(Path(folder) / "latent.pt")
            losses = [whole.train_step() for _ in range(3)]
            torch.manual_seed(99)
            resumed = _latent_stage(golden.tiny_codec("hific-se", seed=5).train(), seed=8)
            resumed.load(Path(folder) / "latent.pt")
        self.assertEqual(losses, [resumed.train_step() for _ in range(3)])

    def test_errors_in_coordinates_are_those_of_the_image(self):
        codec = golden.tiny_codec("hific-opt")
        x, *_ = golden.in_frame(codec, golden.test_cube(height=48, width=32))
        basis, mean = codec.frame_basis[: codec.spec.bypass.components], codec.frame_mean
        with torch.no_grad():
            codec.bypass_analysis.klt.weight.copy_(basis[:, :, None, None])
            codec.bypass_analysis.klt.bias.copy_(-basis @ mean)
            codec.bypass_synthesis.klt.weight.copy_(basis.T[:, :, None, None])
            codec.bypass_synthesis.klt.bias.copy_(mean)
            codec.encoder.out.weight.zero_(), codec.encoder.out.bias.zero_()
            codec.generator.out.weight.zero_(), codec.generator.out.bias.zero_()
            position = torch.tensor([1.3])
            distortion, bpp, _ = latent_pass(codec, codec.frame.coordinates(x)[None], position)
            x_hat, whole_bpp, _ = rate_and_reconstruction(codec, x[None], position)
            # What lies outside the bypass' components is lost either way.
            projected = torch.einsum("kb,bhw->khw", basis, x - mean[:, None, None])
            lost = (x - mean[:, None, None]).square().sum(0).mean() - projected.square().sum(0).mean()
        torch.testing.assert_close((x_hat[0] - x).square().sum(0).mean(), distortion[0] + lost, rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(bpp, whole_bpp, rtol=1e-4, atol=1e-4)


def _trained_apart(rank, folder, images):
    """One step of one of two processes on its half of the images; saves its gradients' mean."""
    distributed.dist.init_process_group("gloo", init_method=f"file://{folder}/group", rank=rank, world_size=2)
    torch.manual_seed(1)
    layer = torch.nn.Linear(4, 2)
    layer(images[2 * rank : 2 * rank + 2]).square().mean().backward()
    distributed.average_gradients(layer.parameters())
    torch.save([p.grad for p in layer.parameters()], f"{folder}/{rank}.pt")
    distributed.finish()


class Processes(unittest.TestCase):
    def test_two_processes_see_the_gradient_of_one(self):
        images = torch.randn(4, 4, generator=torch.Generator().manual_seed(3))
        with tempfile.TemporaryDirectory() as folder:
            torch.multiprocessing.spawn(_trained_apart, (folder, images), nprocs=2)
            found = [torch.load(f"{folder}/{rank}.pt", weights_only=True) for rank in range(2)]
        torch.manual_seed(1)
        layer = torch.nn.Linear(4, 2)
        layer(images).square().mean().backward()
        for own in found:
            for mean, p in zip(own, layer.parameters()):
                torch.testing.assert_close(mean, p.grad)


class Devices(unittest.TestCase):
    """The meta device computes nothing, but refuses tensors of another device as a GPU would."""

    def test_what_is_made_on_the_way_lies_where_the_codec_does(self):
        codec = golden.tiny_codec("hific-se").train().to("meta")
        c = torch.empty(2, codec.spec.frame.components, 32, 48, device="meta")
        position = random_positions(2, 5, codec.device)
        distortion, bpp, _ = latent_pass(codec, c, position)
        x = torch.empty(2, codec.spec.bands, 32, 48, device="meta")
        x_hat, whole_bpp, _ = rate_and_reconstruction(codec, x, position)
        likeness = ssim(x_hat, x).mean() + stretched(x[:, :3], x_hat[:, :3])[1].mean()
        value = loss(lambdas_at(codec.spec.lambdas, position), bpp + whole_bpp, distortion) + likeness
        (value + attention_penalty(codec)).backward()
        for name, p in codec.named_parameters():
            if p.grad is not None:
                self.assertEqual(p.grad.device.type, "meta", name)

    def test_a_tensor_left_behind_is_found(self):
        with self.assertRaises(RuntimeError):
            lambdas_at((3.0, 2.0, 1.0), torch.empty(2, device="meta")) + torch.rand(2)


class GanStageRuns(unittest.TestCase):
    def test_frames_are_left_as_they_were_entered(self):
        codec = golden.tiny_codec("hific-opt")
        images = codec.standardise(Batches(_crops()).batch(4))
        framed = Framed(codec, images, np.random.default_rng(3))
        torch.testing.assert_close(framed.restore(framed.images), images, atol=1e-4, rtol=1e-4)

    def test_trains_the_generator_and_nothing_before_it(self):
        torch.manual_seed(4)
        codec = golden.tiny_codec("hific-3d").train()
        before = {name: p.detach().clone() for name, p in codec.named_parameters()}
        blur = lambda a, b: (a - b).square().mean((1, 2, 3))
        stage = GanStage(Trainer(codec, OPTIONS), _crops(), blur, 1e-3, 200, 2)
        stage.step = 60
        terms = stage.train_step()
        self.assertIn("adversarial", terms)
        changed = {name.split(".")[0] for name, p in codec.named_parameters() if not torch.equal(p, before[name])}
        self.assertEqual(changed, {"generator", "bypass_synthesis"})


def _axes(images):
    """A mean and six orthonormal axes for images of 16 bands."""
    g = torch.Generator().manual_seed(6)
    return images.mean((0, 2, 3)), torch.linalg.qr(torch.randn(16, 6, generator=g))[0].T


class WeightedBands(unittest.TestCase):
    def test_visible_bands_count_twice_and_the_whole_as_before(self):
        for centres in GRIDS.values():
            weights = visible_weights(centres)
            at = lambda nm: weights[np.abs(centres - nm).argmin()]
            self.assertAlmostEqual(at(550) / at(900), 2, places=3)
            self.assertAlmostEqual((weights**2).mean(), 1, places=9)

    def test_errors_count_by_the_weights(self):
        codec, images = golden.tiny_codec("hific-opt"), Batches(_crops()).batch(6)
        axes = _axes(images)
        weights = np.linspace(0.5, 1.4, 16)
        weights /= np.sqrt((weights**2).mean())
        seen = weighted(codec, weights, images, axes)
        error = 0.01 * torch.randn(images.shape, generator=torch.Generator().manual_seed(2))
        found = (seen.standardise(images + error) - seen.standardise(images)).square().mean() * seen.spec.input.variance
        wanted = (error * torch.from_numpy(weights).float()[:, None, None]).square().mean()
        torch.testing.assert_close(found, wanted, rtol=1e-3, atol=0)
        torch.testing.assert_close(seen.brightness(seen.standardise(images)), images)
        torch.testing.assert_close(seen.brightness(seen.frame_mean[:, None, None]).flatten(), axes[0])

    def test_the_last_convolution_goes_along_with_the_axes(self):
        codec, images = golden.tiny_codec("hific-opt"), Batches(_crops()).batch(6)
        seen = weighted(codec, np.ones(16), images, _axes(images))
        components = lambda own: torch.einsum("kb,b...->k...", own.frame_basis, own.generator.out.weight)
        torch.testing.assert_close(components(seen), components(codec))

    def test_weights_of_weighted_bands_are_refused(self):
        codec = Codec(golden.with_band_std(preset("tiny", "hific-opt")))
        with self.assertRaisesRegex(ValueError, "weighted already"):
            weighted(codec, np.ones(16), None, None)

    def test_every_band_has_its_own(self):
        spec = golden.with_band_std(preset("tiny", "hific-opt"))
        with self.assertRaisesRegex(ValueError, "each of 20 bands, not 16"):
            replace(spec, bands=20)


class ChangesCarriedOver(unittest.TestCase):
    def test_a_start_as_before_ends_as_after(self):
        for variant in ("hific-opt", "hific-se"):
            before, after = golden.tiny_codec(variant), golden.tiny_codec(variant, seed=9)
            codec = golden.tiny_codec(variant)
            codec.plane_scale.mul_(2)
            codec.generator.detail_planes.weight.data.mul_(2)
            add_change(codec, before, after)
            new, own = after.state_dict(), codec.state_dict()
            for name, value in own.items():
                if name.startswith("encoder.") or name.startswith("bypass_analysis."):
                    torch.testing.assert_close(value, before.state_dict()[name])
                elif name.startswith("generator.detail_planes.weight"):
                    torch.testing.assert_close(value, 2 * new[name], rtol=1e-4, atol=1e-4)
                elif name.startswith("generator.out"):
                    seen = [torch.einsum("kb,b...->k...", codec.frame_basis, v) for v in (value, new[name])]
                    torch.testing.assert_close(*seen, rtol=1e-4, atol=1e-4)
                elif name.startswith("generator."):
                    torch.testing.assert_close(value, new[name], rtol=1e-4, atol=1e-4)


class Perception(unittest.TestCase):
    def test_ssim_of_equal_and_unlike_images(self):
        g = torch.Generator().manual_seed(5)
        a = torch.rand(2, 3, 20, 24, generator=g)
        torch.testing.assert_close(ssim(a, a), torch.ones(2, 3))
        self.assertLess(float(ssim(a, 1 - a).max()), 0)

    def test_stretch_follows_the_original(self):
        a = torch.rand(1, 3, 30, 30) * 0.1 + 0.3
        own, other = stretched(a, a + 0.02)
        self.assertAlmostEqual(float(own.mean()), 0.5, delta=0.05)
        self.assertGreater(float((other - own).mean()), 0.1)

    def test_triplet_net_is_a_distance_and_settling_keeps_it(self):
        torch.manual_seed(6)
        net, a, b = TripletNet((12, 16, 20), 8, TAUGHT), torch.rand(2, 3, 40, 40), torch.rand(2, 3, 40, 40)
        torch.testing.assert_close(net(a, b), net(b, a))
        self.assertEqual(net(a, a).tolist(), [0, 0])
        before = net(a, b)
        net.settle([0.5] * 3)
        self.assertEqual([list(mix.shape) for mix in net.mixes], [[12, 12], [16, 16], [20, 20]])
        torch.testing.assert_close(net(a, b), before / 4)
        again = TripletNet.of_file(safetensors.to_bytes(net.tensors(), {}))
        torch.testing.assert_close(again(a, b), net(a, b), rtol=1e-2, atol=0)

    def test_triplet_net_learns_what_a_teacher_sees(self):
        torch.manual_seed(7)

        class Teacher(torch.nn.Module):
            """A fixed network of LPIPS's form with as many maps."""

            def __init__(self):
                super().__init__()
                self.net = TripletNet((8, 8, 8), 8, TAUGHT).requires_grad_(False)

            def weighed(self, x):
                return self.net.features(x)

            def forward(self, a, b):
                return self.net(a, b)

        crops, teacher = _crops(), Teacher()
        crops.crop = 48
        pairs = coded_pairs(golden.tiny_codec("hific-opt"), crops, 2, views=[[12, 6, 2]])
        self.assertEqual([part.shape for part in pairs], [(32, 3, 48, 48)] * 2)
        self.assertTrue(all(bool(((part >= 0) & (part <= 1)).all()) for part in pairs))
        nets = [taught(teacher, pairs, np.random.default_rng(1), steps, 4, 1e-3) for steps in (1, 60)]
        start, end = (agreement(net, {"": teacher}, pairs, np.random.default_rng(2))[""]["pearson"] for net in nets)
        self.assertGreater(end, start + 0.2)

    @unittest.skipIf(data_folder() is None, "no shared data: LPIPS is not checked")
    def test_lpips_is_zero_for_equal_images_and_grows(self):
        for backbone in ("alex", "squeeze"):
            lpips = Lpips(data_folder() / "lpips", backbone)
            a = golden.test_cube(3, 64, 64)[None]
            noise = torch.randn(a.shape, generator=torch.Generator().manual_seed(7))
            near, far = (float(lpips(a, (a + k * noise).clamp(0, 1))) for k in (0.02, 0.2))
            self.assertEqual(float(lpips(a, a)), 0)
            self.assertLess(near, far)


if __name__ == "__main__":
    unittest.main()
