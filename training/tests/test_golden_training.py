"""The golden files of the browser's loss terms."""

import unittest

from . import needs_torch

needs_torch.require()

import numpy as np
import torch

from hsc_training import golden_training, safetensors

torch.set_num_threads(1)
VARIANT = "hific-opt"


class GoldenTraining(unittest.TestCase):
    def test_files_are_what_the_code_makes(self):
        seed, found, batch = golden_training.tensors(VARIANT)
        for name, made in ((f"terms-{VARIANT}", found), ("terms-batch", batch)):
            kept, _ = safetensors.from_bytes((golden_training.GOLDEN / f"{name}.safetensors").read_bytes())
            self.assertEqual(set(kept), set(made))
            for key, value in made.items():
                np.testing.assert_allclose(kept[key], value, rtol=1e-4, atol=1e-6, err_msg=key)


if __name__ == "__main__":
    unittest.main()
