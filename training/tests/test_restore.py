"""A weights file read back to train on."""

import unittest

from . import needs_torch

needs_torch.require()

import numpy as np
import torch

from hsc_training import golden
from hsc_training.data import MODELS, data_folder, pool_path
from hsc_training.entropy import rate_and_reconstruction
from hsc_training.export import export_model
from hsc_training.restore import restored
from hsc_training.spec import VARIANTS
from hsc_training.train import Trainer

torch.set_num_threads(1)


def _images(_grid):
    return torch.stack([golden.test_cube(height=48, width=48).roll(i, 2) for i in range(6)])


def _file_of(codec):
    aligned = torch.stack([golden.in_frame(codec, image)[0] for image in _images("tiny-16")])
    return export_model(codec, aligned, {"steps": 7, "history": ["made up"]})[0], aligned


class Restored(unittest.TestCase):
    def test_computes_what_the_file_was_made_of(self):
        torch.manual_seed(3)
        for variant in VARIANTS:
            codec = golden.tiny_codec(variant)
            data, x = _file_of(codec)
            again, metadata = restored(data, _images)
            self.assertEqual(metadata["stage"], "fidelity")
            position = torch.tensor([0.0, 1.0, 1.4, 2.0, 3.0, 4.0])
            with torch.no_grad():
                was, now = ([c.eval().analyse(x), c.gains(position)] for c in (codec, again))
                for a, b in zip(was, now):
                    torch.testing.assert_close(a, b, rtol=5e-3, atol=5e-3)
                zq = torch.randint(-3, 4, (6, codec.spec.hyper_filters, 1, 1)).float()
                was, now = (c.hyper_decode(zq, 3, 3) for c in (codec, again))
                for a, b in zip(was, now):
                    torch.testing.assert_close(a, b, rtol=5e-3, atol=0.05)
                latents, mean, index = torch.randn(3, 6, codec.spec.latent_channels, 3, 3) * 3
                was, now = (c.context(latents, mean, index.abs() * 5, position) for c in (codec, again))
                for a, b in zip(was, now):
                    torch.testing.assert_close(a, b, rtol=1e-2, atol=0.1)
                was, now = (c.hyper_encode(latents) for c in (codec, again))
                torch.testing.assert_close(was, now, rtol=5e-3, atol=5e-2)
                was, now = (c.synthesise(latents, position) for c in (codec, again))
                torch.testing.assert_close(was, now, rtol=1e-2, atol=2e-2)

    def test_learns_on_and_ships_again(self):
        codec = golden.tiny_codec("hific-se")
        data, x = _file_of(codec)
        again, _ = restored(data, _images)
        options = {"lr": 1e-4, "lr_end": 1e-4, "schedule": "constant", "steps": 4, "crop": 48, "batch": 2, "real_share": 0, "seed": 1}
        torch.manual_seed(3)
        trainer = Trainer(again, options)
        trainer.train_step(x[:2])
        shipped, report = export_model(again.eval(), x, {"steps": 8, "history": []})
        self.assertTrue(np.isfinite(report["integer rate over float"]))
        twice, _ = restored(shipped, _images)
        with torch.no_grad():
            position = torch.full((6,), 2.0)
            a, b = (rate_and_reconstruction(c, x, position) for c in (again, twice))
        torch.testing.assert_close(a[0], b[0], rtol=5e-2, atol=5e-2)

    def test_a_stage_starts_from_it_and_keeps_its_history(self):
        if data_folder() is None or not pool_path("train").exists():
            self.skipTest("no shared data or no pool of simulated patches: run python3 -m hsc_training.data")
        trainer = Trainer.load(MODELS / "hific-opt.safetensors")
        self.assertGreater(trainer.total_steps, 0)
        self.assertEqual(trainer.step, 0)
        self.assertFalse(any(p.requires_grad for p in trainer.codec.encoder.parameters()))


if __name__ == "__main__":
    unittest.main()
