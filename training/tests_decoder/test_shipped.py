"""The golden files of the weights that ship decode to the symbols that stand beside them."""

import json
import unittest
from pathlib import Path

from hsc_decoder import (
    decode_autoencoder,
    decode_file,
    decode_hyperprior,
    group_digest,
    latents_digest,
    load_model,
    parse_file,
    symbol_digest,
)

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "src/codecs/golden"
MODELS = ROOT / "models"


class ShippedWeights(unittest.TestCase):
    def test_symbols(self):
        entries = json.loads((MODELS / "manifest.json").read_text())["models"]
        self.assertGreater(len(entries), 0)
        for entry in entries:
            name = f"{entry['codec']}-{entry['grid']}"
            with self.subTest(name):
                expected = json.loads((GOLDEN / f"{name}.json").read_text())
                model = load_model(MODELS / entry["file"])
                tiles = decode_file(parse_file((GOLDEN / f"{name}.hsc").read_bytes()), model)
                self.assertEqual(symbol_digest(tiles), expected["symbols"])

    def test_neighbours(self):
        entries = json.loads((MODELS / "manifest.json").read_text())["neighbours"]
        self.assertGreater(len(entries), 0)
        for entry in entries:
            with self.subTest(entry["codec"]):
                expected = json.loads((GOLDEN / f"{entry['codec']}.json").read_text())
                file = parse_file((GOLDEN / f"{entry['codec']}.hsc").read_bytes())
                self.assertEqual(digest_of(file, MODELS / entry["file"]), expected["symbols"])


def digest_of(file, weights):
    if file.header.family == "hyperprior":
        return group_digest(decode_hyperprior(file, weights))
    return latents_digest(decode_autoencoder(file, weights))


if __name__ == "__main__":
    unittest.main()
