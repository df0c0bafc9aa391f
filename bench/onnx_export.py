"""Writes the networks of a weights file as analysis.onnx and synthesis.onnx into a folder.

Inputs and outputs as in `pytorch_reference.py`, NCHW: image [1, bands, side, side] in 0..1 -> latents,
hyper-latents; latents at rate position `--position` -> image.
"""

import argparse
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

from hsc_training.exported import ExportedModel  # noqa: E402


class Analysis(torch.nn.Module):
    def __init__(self, codec):
        super().__init__()
        self.codec = codec

    def forward(self, image):
        y = self.codec.analyse(self.codec.standardise(image))
        return y, self.codec.hyper_encode(y)


class Synthesis(torch.nn.Module):
    def __init__(self, codec, position):
        super().__init__()
        self.codec, self.position = codec, position

    def forward(self, latents):
        image = self.codec.synthesise(latents, torch.tensor([self.position]))
        return image * self.codec.spec.input.std + self.codec.spec.input.mean


def write(module, example, path):
    torch.onnx.export(module, (example,), path, dynamo=True, external_data=False, verbose=False)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description="Write E and G of a weights file as ONNX.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", type=int, required=True)
    parser.add_argument("--position", type=float, required=True)
    arguments = parser.parse_args()
    codec = ExportedModel(arguments.weights.read_bytes()).codec.eval()
    image = torch.rand(1, codec.spec.bands, arguments.side, arguments.side)
    analysis, synthesis = Analysis(codec).eval(), Synthesis(codec, arguments.position).eval()
    # Both run before they are traced: what the networks keep for later would be traces, not numbers.
    latents = analysis(image)[0]
    synthesis(latents)
    write(analysis, image, arguments.folder / "analysis.onnx")
    write(synthesis, latents, arguments.folder / "synthesis.onnx")


if __name__ == "__main__":
    main()
