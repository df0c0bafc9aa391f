"""The golden files of src/codecs/lossless/golden decode to the samples that their digests name."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

from hsc_decoder import HscError, decode_samples, parse_file, sample_digest

TRAINING = Path(__file__).resolve().parents[1]
GOLDEN = TRAINING.parent / "src/codecs/lossless/golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.hsc"))
ERRORS = {"bitstream", "bitstream-version", "check-failed", "limit", "truncated", "unsupported"}


def read(name):
    return (GOLDEN / f"{name}.hsc").read_bytes()


class GoldenFiles(unittest.TestCase):
    def test_samples(self):
        self.assertGreaterEqual(len(CASES), 10)
        for name in CASES:
            with self.subTest(name):
                expected = json.loads((GOLDEN / f"{name}.json").read_text())
                samples = decode_samples(parse_file(read(name)))
                shape = (expected["height"], expected["width"], expected["bands"])
                self.assertEqual(samples.shape, shape)
                self.assertEqual(samples.dtype.name, expected["sampleType"])
                self.assertEqual(sample_digest(samples), expected["symbolDigest"])

    def test_command_line(self):
        command = [sys.executable, "-m", "hsc_decoder", str(GOLDEN / "line.hsc"), "--digest"]
        run = subprocess.run(command, cwd=TRAINING, capture_output=True, text=True)
        expected = json.loads((GOLDEN / "line.json").read_text())["symbolDigest"]
        self.assertEqual((run.returncode, run.stdout.strip()), (0, expected), run.stderr)


class Damage(unittest.TestCase):
    def outcome(self, data):
        try:
            return sample_digest(decode_samples(parse_file(data)))
        except HscError as error:
            return error.code

    def test_is_found_wherever_it_lies(self):
        data = read("line")
        for i in range(len(data)):
            damaged = bytearray(data)
            damaged[i] ^= 1 << i % 8
            self.assertIn(self.outcome(bytes(damaged)), ERRORS)
            self.assertIn(self.outcome(data[:i]), ERRORS)


if __name__ == "__main__":
    unittest.main()
