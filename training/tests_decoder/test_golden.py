"""The golden files of src/core/bitstream/golden decode to the symbols that stand beside them."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

from hsc_decoder import (
    HscError,
    decode_file,
    decode_frame,
    decode_tile,
    load_model,
    parse_file,
    rotation,
    symbol_digest,
)
from hsc_decoder.fields import crc24

TRAINING = Path(__file__).resolve().parents[1]
GOLDEN = TRAINING.parent / "src/core/bitstream/golden"
MODEL = GOLDEN / "model.safetensors"
CASES = ("patch", "metadata", "tiles", "escapes", "zeros")
ERRORS = {
    "bitstream",
    "bitstream-version",
    "check-failed",
    "limit",
    "model-mismatch",
    "truncated",
    "unsupported",
}


def read(name):
    return (GOLDEN / name).read_bytes()


def prior_digest(tiles):
    digest = hashlib.sha256()
    for tile in tiles:
        digest.update(tile.mean.astype("<i4").tobytes())
        digest.update(tile.scale_index.astype("<i4").tobytes())
    return digest.hexdigest()


class GoldenFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = load_model(MODEL)

    def test_symbols(self):
        for name in CASES:
            with self.subTest(name):
                tiles = decode_file(parse_file(read(f"{name}.hsc")), self.model)
                expected = json.loads(read(f"{name}.json"))
                symbols = b"".join(tile.symbol_bytes() for tile in tiles)
                self.assertEqual(symbols, read(f"{name}.symbols"))
                self.assertEqual(symbol_digest(tiles), expected["symbolDigest"])
                self.assertEqual(prior_digest(tiles), expected["priorDigest"])

    def test_header(self):
        for name in CASES:
            with self.subTest(name):
                header = parse_file(read(f"{name}.hsc")).header
                expected = json.loads(read(f"{name}.json"))["header"]
                self.assertEqual(header.family, expected["family"])
                self.assertEqual(header.mapping, expected["mapping"])
                self.assertEqual(header.sample_type, expected["sampleType"])
                self.assertEqual(header.width, expected["width"])
                self.assertEqual(header.height, expected["height"])
                self.assertEqual(header.bands, expected["bands"])
                self.assertEqual({"low": header.low, "high": header.high}, expected["range"])
                model = {"digest": header.model_digest, "rate": header.rate}
                model["frameBytes"] = len(header.frame)
                self.assertEqual(model, expected["model"])

    def test_frames(self):
        rows = []
        for name in CASES:
            with self.subTest(name):
                frame = decode_frame(parse_file(read(f"{name}.hsc")).header.frame, self.model)
                expected = json.loads(read(f"{name}.json"))["frame"]
                self.assertEqual(frame is None, expected is None)
                if frame is not None:
                    rows.append(len(frame.values) - 1)
                    self.assertEqual(frame.precision, expected["precision"])
                    np.testing.assert_allclose(frame.values, expected["rows"], rtol=1e-12)
        self.assertEqual(sorted(rows), [1, 3])

    def test_rotations(self):
        axes = np.random.default_rng(1).normal(size=(3, 7))
        matrix = rotation(axes)
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(7), atol=1e-12)
        pivot = int(np.abs(axes[0]).argmax())
        np.testing.assert_allclose(matrix[pivot], axes[0] / np.linalg.norm(axes[0]), atol=1e-12)
        with self.assertRaises(HscError):
            rotation(np.stack([axes[0], 2 * axes[0]]))

    def test_metadata(self):
        metadata = parse_file(read("metadata.hsc")).metadata
        expected = json.loads(read("metadata.json"))["metadata"]
        selection, geo = expected["selection"], expected["geo"]
        self.assertEqual(
            metadata,
            {
                "name": expected["name"],
                "sensor": expected["sensor"],
                "units": expected["units"],
                "selection": {
                    "source_bands": selection["sourceBands"],
                    "coded_bands": selection["codedBands"],
                },
                "wavelengths_nm": expected["wavelengthsNm"],
                "fwhm_nm": expected["fwhmNm"],
                "band_names": expected["bandNames"],
                "bad_bands": expected["badBands"],
                "no_data_value": expected["noDataValue"],
                "default_bands": expected["defaultBands"],
                "map_info": geo["mapInfo"],
                "wkt": geo["wkt"],
                "epsg": geo["epsg"],
                "transform": geo["transform"],
                "notes": expected["notes"],
            },
        )

    def test_opaque_payload(self):
        file = parse_file(read("opaque.hsc"))
        self.assertEqual(file.header.family, "jpeg2000")
        self.assertEqual(file.payloads[0], bytes(i * 37 & 255 for i in range(50)))
        file.verify(0, file.payloads[0])
        with self.assertRaises(HscError):
            decode_tile(file, self.model, 0)


class TunedWeights(unittest.TestCase):
    """A file made with weights that were tuned in the studio."""

    def test_symbols(self):
        folder = TRAINING.parent / "src/training/golden"
        file = parse_file((folder / "tuned.hsc").read_bytes())
        tiles = decode_file(file, load_model(folder / "exported.safetensors"))
        expected = json.loads((folder / "tuned.json").read_text())
        self.assertEqual(symbol_digest(tiles), expected["symbolDigest"])
        parent = TRAINING.parent / "src/nn/golden/tiny-hific-se.safetensors"
        with self.assertRaises(HscError) as caught:
            decode_file(file, load_model(parent))
        self.assertEqual(caught.exception.code, "model-mismatch")


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = load_model(MODEL)

    def outcome(self, data):
        try:
            return symbol_digest(decode_file(parse_file(data), self.model))
        except HscError as error:
            return error.code

    def test_cut_files(self):
        for name in ("patch", "metadata"):
            data = read(f"{name}.hsc")
            for length in range(len(data)):
                self.assertIn(self.outcome(data[:length]), ERRORS)

    def test_flipped_bits(self):
        data = read("escapes.hsc")
        intact = self.outcome(data)
        for bit in range(8 * len(data)):
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            result = self.outcome(bytes(damaged))
            if result not in ERRORS:
                self.assertEqual(result, intact)
                self.assertGreaterEqual(bit // 8, len(data) - 2)

    def test_damaged_frames(self):
        data = parse_file(read("metadata.hsc")).header.frame
        for bit in range(8 * len(data)):
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            for content in (bytes(damaged), bytes(damaged[: bit // 8])):
                try:
                    decode_frame(content, self.model)
                except HscError as error:
                    self.assertIn(error.code, ERRORS)

    def test_damaged_tile_is_lost_alone(self):
        data = bytearray(read("tiles.hsc"))
        data[-20] ^= 1
        file = parse_file(bytes(data))
        for tile in range(3):
            decode_tile(file, self.model, tile)
        with self.assertRaises(HscError) as caught:
            decode_tile(file, self.model, 3)
        self.assertIn(caught.exception.code, ERRORS)


class CommandLine(unittest.TestCase):
    def run_decoder(self, *arguments):
        command = [sys.executable, "-m", "hsc_decoder", *map(str, arguments)]
        return subprocess.run(command, cwd=TRAINING, capture_output=True, text=True)

    def test_digest(self):
        run = self.run_decoder(GOLDEN / "tiles.hsc", "--model", MODEL, "--digest")
        expected = json.loads(read("tiles.json"))["symbolDigest"]
        self.assertEqual((run.returncode, run.stdout.strip()), (0, expected))

    def symbols_of(self, name):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "symbols.npz"
            run = self.run_decoder(GOLDEN / name, "--model", MODEL, "--symbols", path)
            self.assertEqual(run.returncode, 0, run.stderr)
            with np.load(path) as arrays:
                return dict(arrays)

    def test_symbols(self):
        arrays = self.symbols_of("patch.hsc")
        self.assertEqual(arrays["q_0"].shape, (6, 6, 6))
        self.assertEqual(arrays["zq_0"].shape, (2, 2, 4))
        self.assertNotIn("frame", arrays)

    def test_frame(self):
        self.assertEqual(self.symbols_of("tiles.hsc")["frame"].shape, (2, 5))

    def test_errors_name_the_cause(self):
        run = self.run_decoder(MODEL, "--model", MODEL)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("not a .hsc file", run.stderr)


class Check(unittest.TestCase):
    def test_published_value(self):
        self.assertEqual(crc24(b"1234", b"56789"), 0x21CF02)


if __name__ == "__main__":
    unittest.main()
