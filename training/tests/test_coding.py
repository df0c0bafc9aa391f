"""Tables, integer hyper-synthesis, export round trip, golden files, training."""

import json
import unittest

from . import needs_torch

needs_torch.require()

import numpy as np
import torch

from hsc_decoder.frame import pivots, rotation as decoder_rotation
from hsc_training import golden, safetensors
from hsc_training.entropy import rdo_rounded, rounded
from hsc_training.exported import ExportedModel
from hsc_training.context import ContextModel
from hsc_training.fixed_point import LIMIT, IntegerHead, quantise_head
from hsc_training.frame import rotation
from hsc_training.initialise import initialise
from hsc_training.integer_context import quantise_context
from hsc_training.networks import Codec
from hsc_training.objective import lambdas_at
from hsc_training.spec import VARIANTS, preset
from hsc_training.tables import TOTAL, conditional_tables, integer_cdf
from hsc_training.train import Trainer
from hsc_training.weights import folded

torch.set_num_threads(1)


def integer_layer(layer, a):
    """The layer in Python integers, position by position: a [c, h, w] -> [out, h', w']."""
    weight = layer.weight.to(torch.int64).numpy().astype(object)
    out_channels = weight.shape[1] if layer.transposed else weight.shape[0]
    _, height, width = a.shape
    scale = 2 if layer.transposed else 1
    acc = np.zeros((out_channels, height * scale, width * scale), dtype=object)
    size, pad = weight.shape[2], 2 if layer.transposed else 1
    for (y, x), (j, i) in ((p, k) for p in np.ndindex(height, width) for k in np.ndindex(size, size)):
        if layer.transposed:
            oy, ox, kernel = 2 * y + j - pad, 2 * x + i - pad, weight[:, :, j, i].T
        else:
            oy, ox, kernel = y - j + pad, x - i + pad, weight[:, :, j, i]
        if 0 <= oy < acc.shape[1] and 0 <= ox < acc.shape[2]:
            acc[:, oy, ox] += kernel.dot(a[:, y, x])
    acc = acc + layer.bias.to(torch.int64).numpy().astype(object)[:, None, None]
    return (acc + (1 << (layer.shift - 1))) // (1 << layer.shift)


class IntegerHyperSynthesis(unittest.TestCase):
    def test_equals_python_integers_even_when_saturated(self):
        plain = folded(golden.tiny_codec("hific-opt"))
        z = torch.randint(-4, 5, (3, 8, 2, 2)).float()
        for kind in ("mean", "scale"):
            head = quantise_head(getattr(plain, f"hyper_{kind}"), z)
            extreme = torch.randint(-LIMIT, LIMIT + 1, (1, 8, 2, 2)).float()
            for one in (z[:1], extreme):
                a = one[0].numpy().astype(np.int64).astype(object)
                for layer in head.layers[:-1]:
                    a = np.clip(integer_layer(layer, a), 0, LIMIT)
                expected = np.clip(integer_layer(head.layers[-1], a), -LIMIT, LIMIT)[:, :6, :5]
                np.testing.assert_array_equal(head(one, 6, 5)[0].numpy(), expected.astype(np.float64))

    def test_stays_close_to_float(self):
        plain = folded(golden.tiny_codec("hific-opt"))
        z = torch.randint(-4, 5, (8, 8, 2, 2)).float()
        head: IntegerHead = quantise_head(plain.hyper_mean, z)
        with torch.no_grad():
            difference = head(z, 8, 8).float() / 64 - plain.hyper_mean(z)
        self.assertLess(float(difference.abs().max()), 0.02)


class CdfTables(unittest.TestCase):
    def test_frequencies_sum_and_are_at_least_one(self):
        cdf = np.append(integer_cdf([0.9999, 1e-9, 1e-4, 0.0]).astype(np.int64), TOTAL)
        self.assertEqual(cdf[0], 0)
        self.assertTrue((np.diff(cdf) >= 1).all())

    def test_conditional_tables_are_symmetric(self):
        tables = conditional_tables()
        self.assertEqual(len(tables.length), 64)
        np.testing.assert_array_equal(2 * tables.min + tables.length, 1)
        values = np.arange(-3, 4)
        bits = tables.bits(values, np.full(7, 30))
        np.testing.assert_allclose(bits, bits[::-1], rtol=1e-2)

    def test_escape_bits_are_side_and_exp_golomb(self):
        tables = conditional_tables()
        beyond = -int(tables.min[0]) + np.array([1, 2, 3, 4])
        escape = tables.bits(beyond, np.zeros(4))
        np.testing.assert_allclose(escape - escape[0], [0, 2, 2, 4])


class Export(unittest.TestCase):
    def test_round_trip_and_manifest_fields(self):
        for variant in VARIANTS:
            data, tensors = golden.network(variant)
            model = ExportedModel(data)
            plain = folded(golden.codec_of(variant))
            self.assertEqual(model.spec, plain.spec)
            stored = dict(model.codec.encoder.named_parameters())
            for name, parameter in plain.encoder.named_parameters():
                torch.testing.assert_close(parameter, stored[name], atol=1e-3, rtol=1e-3, msg=name)
            self.assertEqual(len(json.loads(model.metadata["shifts"])["mean"]), 3)
            q, mean = (torch.from_numpy(tensors[f"low.{k}"].astype(np.float32)) for k in ("q", "mean"))
            decoded = model.decode(q.permute(0, 3, 1, 2), mean.permute(0, 3, 1, 2), 0, 40, 36)
            image = golden.out_of_frame(model.codec, decoded, tensors["frame.shift"], tensors["frame.rotation"])
            np.testing.assert_allclose(image.permute(1, 2, 0).numpy(), tensors["low.reconstruction"], atol=1e-5)

    def test_folding_keeps_the_function(self):
        codec = golden.tiny_codec("hific-se")
        codec.latent_scale.uniform_(0.5, 2)
        codec.symbol_scale.uniform_(0.5, 2)
        x, plain = golden.test_cube()[None, :, :32, :32], folded(codec)
        y = codec.analyse(x)
        torch.testing.assert_close(plain.analyse(x), y, atol=1e-4, rtol=1e-4)
        z = codec.hyper_encode(y)
        for ours, theirs in zip(plain.hyper_decode(z, 2, 2), codec.hyper_decode(z, 2, 2)):
            torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)

    def test_safetensors_round_trip(self):
        tensors = {"a": np.arange(6, dtype=np.int16).reshape(2, 3), "b": np.ones(3, np.float16)}
        read, metadata = safetensors.from_bytes(safetensors.to_bytes(tensors, {"k": "v"}))
        self.assertEqual(metadata, {"k": "v"})
        for name in tensors:
            np.testing.assert_array_equal(read[name], tensors[name])

    def test_golden_files_are_current(self):
        for variant in VARIANTS:
            data, _ = golden.network(variant)
            stored, _ = safetensors.from_bytes((golden.GOLDEN / f"tiny-{variant}.safetensors").read_bytes())
            fresh, _ = safetensors.from_bytes(data)
            for name, tensor in stored.items():
                tolerance = 2 if tensor.dtype.kind in "iu" else 1e-3
                np.testing.assert_allclose(fresh[name].astype(np.float64), tensor, atol=tolerance, err_msg=name)


class Training(unittest.TestCase):
    OPTIONS = {"lr": 1e-3, "lr_end": 1e-4, "schedule": "cosine", "steps": 4}

    def test_resumed_run_equals_an_uninterrupted_one(self):
        import tempfile
        from pathlib import Path

        images = torch.stack([golden.test_cube(height=48, width=48).roll(i, 2) for i in range(4)])
        torch.manual_seed(5)
        codec = Codec(preset("tiny", "hific-opt"))
        initialise(codec, images, _axes(codec, images), np.random.default_rng(1))
        trainer = Trainer(codec, self.OPTIONS)
        with tempfile.TemporaryDirectory() as folder:
            images = codec.standardise(images)
            trainer.train_step(images)
            trainer.save(Path(folder) / "c.pt")
            trainer.train_step(images)
            again = Trainer.load(Path(folder) / "c.pt")
            again.train_step(images)
        for ours, theirs in zip(trainer.codec.parameters(), again.codec.parameters()):
            torch.testing.assert_close(ours, theirs)

    def test_bypass_is_a_working_transform_at_step_0(self):
        images = torch.stack([golden.test_cube(height=48, width=48).roll(i, 2) for i in range(4)])
        codec = Codec(preset("tiny", "hific-opt"))
        initialise(codec, images, _axes(codec, images), np.random.default_rng(1))
        with torch.no_grad():
            x = codec.standardise(images)
            error = (codec.synthesise(codec.analyse(x), torch.full((4,), 2.0)) - x).square().mean()
        self.assertLess(float(error), 0.3 * float(x.var()))

    def test_lambdas_are_log_linear_in_position(self):
        values = lambdas_at((300.0, 80.0, 22.0), torch.tensor([0.0, 0.5, 1.0, 2.0]))
        torch.testing.assert_close(values, torch.tensor([300.0, (300 * 80) ** 0.5, 80.0, 22.0]))


class Frames(unittest.TestCase):
    def test_rotation_is_orthonormal_and_holds_the_rows_at_their_pivots(self):
        rows = np.random.default_rng(2).normal(size=(3, 8))
        matrix, axes = rotation(rows), pivots(np.linalg.qr(rows.T)[0].T)
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(8), atol=1e-12)
        np.testing.assert_allclose(matrix[axes[0]], rows[0] / np.linalg.norm(rows[0]), atol=1e-12)
        np.testing.assert_allclose(rotation(np.zeros((0, 8))), np.eye(8))
        np.testing.assert_allclose(matrix, decoder_rotation(rows), atol=1e-12)

    def test_alignment_keeps_distances_and_is_undone(self):
        codec, cube = golden.tiny_codec("hific-opt"), golden.test_cube()
        other = (cube + 0.1 * torch.rand(cube.shape)).clamp(0, 1)
        x, _, mean, matrix = golden.in_frame(codec, cube)
        torch.testing.assert_close(golden.out_of_frame(codec, x, mean, matrix), cube, atol=1e-5, rtol=1e-5)
        c = codec.frame.coordinates(codec.standardise(other))
        moved = torch.from_numpy(matrix).float() @ (c.flatten(1) - torch.from_numpy(mean).float()[:, None])
        y = codec.frame.move(codec.standardise(other), c, moved.reshape(c.shape))
        distance = (codec.standardise(other) - codec.standardise(cube)).square().sum()
        torch.testing.assert_close((y - x).square().sum(), distance, rtol=1e-4, atol=1e-4)


class Context(unittest.TestCase):
    def test_integers_follow_the_floats(self):
        codec = folded(golden.tiny_codec("hific-opt"))
        g = torch.Generator().manual_seed(4)
        s, mean, index = (torch.randn(6, 12, 4, 5, generator=g) * k for k in (4, 1, 8))
        index, position = index + 25, torch.linspace(0, 4, 6)
        plain = lambda residual, _: rounded(residual)
        known = codec.context.coded(s, mean, index, position, 8, plain)
        ranges = (float(part.max()) for part in codec.context.activations(known, mean, index, position))
        integer = quantise_context(codec.context, codec.spec, *ranges)
        last = lambda value: value.permute(0, 2, 3, 1).numpy()
        q, mu, i = integer.code(last(s), last((mean * 64).round()), last((index * 64).round()), (position * 60).numpy())
        coded = torch.from_numpy(q + mu / 64).permute(0, 3, 1, 2).float()
        with torch.no_grad():
            float_mean, float_index = codec.context(coded, mean, index, position)
        # Roundings to 1 / 64 and int16 weights: a few hundredths of a step.
        self.assertLess(float(np.abs(mu / 64 - last(float_mean)).max()), 0.1)
        self.assertLessEqual(float(np.abs(i - last(float_index.clamp(0, 63)).round()).max()), 1)

    def test_slices_see_earlier_slices_only(self):
        spec = preset("tiny", "hific-opt")
        context = ContextModel(spec)
        s, zero = torch.randn(1, 12, 1, 1), torch.zeros(1, 12, 1, 1)
        before, _ = context(s, zero, zero, torch.zeros(1))
        s[:, 5] += 3
        after, _ = context(s, zero, zero, torch.zeros(1))
        changed = (before != after)[0, :, 0, 0].tolist()
        self.assertEqual(changed, [False] * 8 + [True] * 4)


def _axes(codec, images):
    mean = images.mean((0, 2, 3))
    centred = (images - mean.view(1, -1, 1, 1)).transpose(0, 1).flatten(1)
    vectors = torch.linalg.eigh(centred @ centred.T)[1].flip(1)
    return mean, vectors[:, : codec.spec.frame.components].T.contiguous()


if __name__ == "__main__":
    unittest.main()
