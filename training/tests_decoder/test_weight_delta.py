"""The golden file of src/codecs/golden that changes weights, and damage to it."""

import json
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np

from hsc_decoder import (
    HscError,
    decode_file,
    decode_weights,
    load_model,
    parse_file,
    symbol_digest,
    weights_digest,
)

TRAINING = Path(__file__).resolve().parents[1]
GOLDEN = TRAINING.parent / "src/codecs/golden"
MODEL = TRAINING.parent / "src/nn/golden/tiny-hific-se.safetensors"


class ChangedWeights(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = load_model(MODEL)
        cls.data = (GOLDEN / "hific-delta.hsc").read_bytes()
        cls.expected = json.loads((GOLDEN / "hific-delta.json").read_text())

    def outcome(self, data):
        try:
            return weights_digest(decode_weights(parse_file(data), self.model))
        except HscError as error:
            return error.code

    def test_symbols_are_those_of_the_base(self):
        tiles = decode_file(parse_file(self.data), self.model)
        self.assertEqual(symbol_digest(tiles), self.expected["symbols"])

    def test_weights(self):
        self.assertEqual(self.outcome(self.data), self.expected["weights"])
        weights = decode_weights(parse_file(self.data), self.model)
        changed = [n for n, w in weights.items() if (w != self.model.decoder_weights[n]).any()]
        self.assertIn("log_gains", changed)
        self.assertIn("generator.norm_in.gain", changed)
        self.assertNotIn("generator.conv_in.kernel", changed)

    def test_a_file_without_changes(self):
        file = replace(parse_file(self.data), weights=None)
        weights = decode_weights(file, self.model)
        np.testing.assert_array_equal(weights["log_gains"], self.model.decoder_weights["log_gains"])

    def test_damage(self):
        body = parse_file(self.data).weights
        start = self.data.index(body)
        for at in range(start, start + len(body) + 3, 7):
            damaged = bytearray(self.data)
            damaged[at] ^= 4
            self.assertEqual(self.outcome(bytes(damaged)), "check-failed")
            self.assertEqual(self.outcome(self.data[:at]), "truncated")

    def test_impossible_changes(self):
        file = parse_file(self.data)
        for body in (b"\0", b"\xff\1", b"\1\x7f\0", b"\1\0\x64", b"\1\0\0\0\0\0\0"):
            with self.assertRaises(HscError) as caught:
                decode_weights(replace(file, weights=body), self.model)
            self.assertIn(caught.exception.code, ("bitstream", "truncated"))

    def test_another_model(self):
        digest = replace(parse_file(self.data).header, model_digest="00000000")
        with self.assertRaises(HscError) as caught:
            decode_weights(replace(parse_file(self.data), header=digest), self.model)
        self.assertEqual(caught.exception.code, "model-mismatch")

    def test_command_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "weights.npz"
            command = [sys.executable, "-m", "hsc_decoder", str(GOLDEN / "hific-delta.hsc")]
            command += ["--model", str(MODEL), "--weights", str(path), "--digest"]
            run = subprocess.run(command, cwd=TRAINING, capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout.strip()), (0, self.expected["symbols"]), run.stderr)
            with np.load(path) as arrays:
                self.assertEqual(weights_digest(dict(arrays)), self.expected["weights"])


if __name__ == "__main__":
    unittest.main()
