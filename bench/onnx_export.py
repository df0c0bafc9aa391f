"""Writes the networks of a weights file as analysis.onnx and synthesis.onnx into a folder.

Inputs and outputs as in `pytorch_reference.py`, NCHW: image [1, bands, side, side] in 0..1 -> latents,
hyper-latents; latents at rate position `--position` -> image.
"""

import argparse
import sys
from pathlib import Path

import numpy
import onnx
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

from hsc_training.exported import ExportedModel  # noqa: E402


# Tensors that a node joins or parts: a shader has eight to ten storage buffers.
MOST = 7


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


def in_pieces(model):
    """Concat and Split of more than `MOST` tensors as several: ONNX Runtime's WebGPU binds all at once."""
    sizes = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        if node.op_type == "Concat" and len(node.input) > MOST:
            nodes += joined(node)
        elif node.op_type == "Split" and len(node.output) > MOST:
            nodes += parted(node, sizes[node.input[1]], model.graph.initializer)
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def groups(names):
    return [list(names[i : i + MOST]) for i in range(0, len(names), MOST)]


def joined(node):
    parts = groups(node.input)
    between = [f"{node.name}_{i}" for i in range(len(parts))]
    make, axis = onnx.helper.make_node, node.attribute[0].i
    return [
        *(make("Concat", own, [name], axis=axis) for own, name in zip(parts, between)),
        make("Concat", between, list(node.output), axis=axis),
    ]


def parted(node, sizes, constants):
    def split(source, made, own, name, axis):
        constants.append(onnx.numpy_helper.from_array(numpy.array(own, numpy.int64), name))
        return onnx.helper.make_node("Split", [source, name], made, axis=axis)

    axis = next(one.i for one in node.attribute if one.name == "axis")
    parts, own = groups(node.output), groups(sizes)
    between = [f"{node.name}_{i}" for i in range(len(parts))]
    first = split(node.input[0], between, [sum(one) for one in own], f"{node.name}_sizes", axis)
    rest = [
        split(source, made, each, f"{source}_sizes", axis)
        for source, made, each in zip(between, parts, own)
    ]
    return [first, *rest]


def write(module, example, path):
    torch.onnx.export(module, (example,), path, dynamo=True, external_data=False, verbose=False)
    model = onnx.load(path)
    in_pieces(model)
    onnx.checker.check_model(model)
    onnx.save(model, path)


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
