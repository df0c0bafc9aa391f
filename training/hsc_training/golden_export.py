"""Golden files for `src/training`: a tiny codec restored, tuned a little, and exported again.

`restored.safetensors` is made of the weights file of `golden`; `tuned.safetensors` is that with every
parameter moved, beside training images in frames; `exported.safetensors` is the weights file
made of both. Parameters are float32 under their names in the weights file, those of the heads and of
the context model as kernels.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from . import golden, restore, safetensors
from .data import PACKAGE_ROOT
from .export import export_model, tables_of
from .weights import file_name_of, to_file_layout

GOLDEN = PACKAGE_ROOT.parent / "src" / "training" / "golden"
VARIANT = "hific-se"
SEED = 71
_CONTEXT = {
    "context.into.weight": "context.in.kernel", "context.into.bias": "context.in.bias",
    "context.hidden.weight": "context.hidden.kernel", "context.hidden.bias": "context.hidden.bias",
    "context.out": "context.out.kernel", "context.out_bias": "context.out.bias",
}


def parameters(codec):
    """Every parameter in the file's layout."""
    return in_file(codec.named_parameters())


def in_file(named):
    """Values of parameters by their paths in a codec, as the file names and lays them out."""
    tensors = {}
    for path, value in named:
        name = _CONTEXT.get(path) or file_name_of(path)
        value = value.detach() if name.startswith("z_") else to_file_layout(name, value.detach())
        tensors[name] = np.array(value.numpy())
    return tensors


def units(codec):
    scale = codec.context.scale
    own = {"symbol": codec.symbol_scale, "plane": codec.plane_scale, "context": scale}
    return {f"units.{name}": value.numpy() for name, value in own.items()}


@torch.no_grad()
def tuned(codec):
    """Moves every parameter by a few per cent, so that none could be taken from the source."""
    g = torch.Generator().manual_seed(SEED)
    for value in codec.parameters():
        value.add_(0.03 * value.abs().mean() * torch.randn(value.shape, generator=g))
    return codec


def files():
    cubes = [golden.test_cube().flip(i)[:, :32, :32] for i in range(3)]
    images = lambda _grid: torch.stack(cubes)
    parent = (golden.GOLDEN / f"tiny-{VARIANT}.safetensors").read_bytes()
    codec, _ = restore.restored(parent, images)
    restored = parameters(codec) | units(codec)
    tuned(codec)
    aligned = torch.stack([golden.in_frame(codec, cube)[0] for cube in cubes])
    exported, _ = export_model(codec, aligned, {"steps": 0}, parent=tables_of(parent))
    crops = codec.brightness(aligned)
    last = {"crops": np.array(crops.permute(0, 2, 3, 1).numpy())}
    return {
        "restored": safetensors.to_bytes(restored),
        "tuned": safetensors.to_bytes(parameters(codec) | units(codec) | last),
        "exported": exported,
    }


def main():
    parser = argparse.ArgumentParser(description="Write the golden files of training in the browser.")
    parser.add_argument("--out", type=Path, default=GOLDEN)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, data in files().items():
        (folder / f"{name}.safetensors").write_bytes(data)


if __name__ == "__main__":
    main()
