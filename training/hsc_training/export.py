"""Checkpoint -> models/<name>.safetensors and its entry in models/manifest.json."""

import argparse
import json
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import torch

from . import safetensors
from .data import MODELS
from .entropy import RDO_SHARE, conditional_bits, rdo_rounded, rdo_weights, rounding_at
from .fixed_point import head_tensors, quantise_head
from .grid import GRIDS
from .integer_context import quantise_context
from .manifest import ship
from .spec import LABELS
from .tables import Tables, conditional_tables, prior_tables
from .train import Trainer, batches_of
from .weights import float_tensors, folded, frame_tensors

FORMAT = "hsc-model-5"
POSITION_STEPS = 60
# The grid that the names of weights do not say.
FIRST_GRID = "vnir-128"
# Rounds after which the latents that the context model sees hardly change.
SETTLED = 4


@torch.no_grad()
def _latents(plain, images):
    """Scaled latents [T n, C, h, w], rounded hyper-latents and stored rates of all targets in turn."""
    y = torch.cat([plain.analyse(part) for part in images.split(8)])
    targets = len(plain.spec.target_rates)
    rates = np.repeat(np.arange(targets) * POSITION_STEPS, len(y))
    s = torch.cat([y * plain.gains(torch.full((1,), float(k))) for k in range(targets)])
    return s, torch.floor(plain.hyper_encode(s) + 0.5), rates


@torch.no_grad()
def _context_ranges(plain, s, z, rates):
    """Largest activation of the context model's first and of its second layer."""
    mean, index = plain.hyper_decode(z, *s.shape[2:])
    position = _positions(rates)
    known = plain.context.coded(s, mean, index, position, SETTLED, rounding_at(plain, position, RDO_SHARE))
    first, second = plain.context.activations(known, mean, index, position)
    return float(first.max()), float(second.max())


@torch.no_grad()
def export_model(codec, images, training, stage="fidelity", parent=(None, None)):
    """(bytes of the weights file, report) of a trained codec.

    `images` [n, bands, h, w], standardised and aligned, are training images that set the
    activations' ranges and refine the tables; `training` is a JSON-able record of how the weights
    came to be. `parent`: `Tables` of y and z of the weights that training started from, which are refined
    where there are any.
    """
    plain = folded(codec)
    s, z, rates = _latents(plain, images)
    heads = {kind: quantise_head(getattr(plain, f"hyper_{kind}"), z) for kind in ("mean", "scale")}
    context = quantise_context(plain.context, plain.spec, *_context_ranges(plain, s, z, rates))
    last = lambda value: value.permute(0, 2, 3, 1).numpy()
    hyper = [last(heads[kind](z, *s.shape[2:])) for kind in ("mean", "scale")]
    coded = context.code(last(s), *hyper, rates, _rounding(plain, rates))
    q, _, index = (part.astype(np.int64) for part in coded)
    observed = z.reshape(len(plain.spec.target_rates), len(images), *z.shape[1:])
    observed = observed.transpose(1, 2).flatten(2).numpy().astype(np.int64)
    y_tables = conditional_tables(q.ravel(), index.ravel(), parent[0])
    z_tables = prior_tables(plain.z_mean.numpy(), plain.z_log_scale.numpy(), observed, parent[1])
    tensors = float_tensors(plain) | frame_tensors(plain) | context.tensors()
    for kind, head in heads.items():
        tensors.update(head_tensors(f"hyper_{kind}", head))
    tensors.update(y_tables.tensors("tables.y") | z_tables.tensors("tables.z"))
    shifts = {kind: [layer.shift for layer in head.layers] for kind, head in heads.items()}
    metadata = {
        "format": FORMAT, "spec": plain.spec.to_json(), "stage": stage,
        "shifts": json.dumps(shifts | {"context": context.shifts}), "training": json.dumps(training),
    }
    bits = {"float": _float_bits(plain, s, z, rates), "integer": float(parametric_bits(q, index))}
    return safetensors.to_bytes(tensors, metadata), {"integer rate over float": bits["integer"] / bits["float"] - 1}


@torch.no_grad()
def _float_bits(plain, s, z, rates):
    """Bits of all latents with the probability model in floats, means and scales not rounded."""
    hyper, position = plain.hyper_decode(z, *s.shape[2:]), _positions(rates)
    choose = rounding_at(plain, position, RDO_SHARE)
    known = plain.context.coded(s, *hyper, position, SETTLED, choose)
    mean, index = plain.context(known, *hyper, position)
    return float(conditional_bits(choose(s - mean, index), index).sum())


def _positions(rates):
    return torch.from_numpy(rates / POSITION_STEPS).float()


@torch.no_grad()
def _rounding(plain, rates):
    """The encoder's rounding for `IntegerContext.code`."""
    weight = rdo_weights(plain, _positions(rates), RDO_SHARE).flatten(1)

    def choose(residual, index, part):
        values = (torch.from_numpy(value).float() for value in (residual, index))
        return rdo_rounded(*values, weight[:, part]).numpy()

    return choose


def parametric_bits(q, index):
    """Bits of symbols under the parametric shapes of their scale indices."""
    return conditional_bits(torch.from_numpy(q).float(), torch.from_numpy(index).float()).sum()


def tables_of(data):
    """`Tables` of y and z of a weights file's bytes."""
    tensors, _ = safetensors.from_bytes(data)
    return tuple(Tables.from_tensors(f"tables.{kind}", tensors) for kind in "yz")


def write_model(data, spec, stage="fidelity", folder=MODELS):
    """Writes the file and its entry in the manifest; returns the entry."""
    codec = spec.name if stage == "fidelity" else f"{spec.name}-{stage}"
    own = codec if spec.grid == FIRST_GRID else f"{codec}-{spec.grid}"
    fields = {
        "id": own, "codec": codec, "label": LABELS[codec], "grid": spec.grid, "stage": stage, "targetRates": list(spec.target_rates),
    }
    return ship("models", f"{own}.safetensors", data, fields, folder, _order)


def _order(entry):
    """Where a model stands in the manifest: by grid, then by codec."""
    return list(GRIDS).index(entry["grid"]), list(LABELS).index(entry["codec"])


def main():
    parser = argparse.ArgumentParser(description="Export a checkpoint as a weights file.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--images", type=int, default=192, help="training images for ranges and tables")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    trainer = Trainer.load(arguments.checkpoint)
    images = batches_of({**trainer.options, "crop": 96}, 7, trainer.codec.spec.grid).aligned(arguments.images, trainer.codec)
    training = {
        "steps": trainer.total_steps, "history": trainer.history, "batch": trainer.options["batch"],
        "crop": trainer.options["crop"], "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "data": "simulated patches (textures x spectra) and real cubes of the shared training set",
        "torch": torch.__version__, "device": "CPU",
    }
    data, report = export_model(trainer.codec, images, training, trainer.stage)
    print(json.dumps({**write_model(data, trainer.codec.spec, trainer.stage), **report}))


if __name__ == "__main__":
    main()
