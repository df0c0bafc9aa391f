"""Checkpoint -> models/<name>.safetensors and its entry in models/manifest.json."""

import argparse
import hashlib
import json
import math
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import torch

from . import safetensors
from .data import PACKAGE_ROOT
from .entropy import conditional_bits
from .fixed_point import head_tensors, quantise_head
from .spec import LABELS
from .tables import conditional_tables, prior_tables
from .train import Trainer, batches_of
from .weights import float_tensors, folded

MODELS = PACKAGE_ROOT.parent / "models"
STAGE = "fidelity"


@torch.no_grad()
def statistics(plain, images):
    """Scaled latents and rounded hyper-latents of images at every target: two lists over targets."""
    s_all, z_all = [], []
    y = torch.cat([plain.analyse(part) for part in images.split(8)])
    for k in range(len(plain.spec.target_rates)):
        s = y * plain.gains(torch.full((1,), float(k)))
        s_all.append(s)
        z_all.append(torch.floor(plain.hyper_encode(s) + 0.5))
    return s_all, z_all


@torch.no_grad()
def export_model(codec, images, training):
    """(bytes of the weights file, report) of a trained codec.

    `images` [n, bands, h, w] are training images that set the activations' ranges and refine the
    tables; `training` is a JSON-able record of how the weights came to be.
    """
    plain = folded(codec)
    s_all, z_all = statistics(plain, images)
    z_every = torch.cat(z_all)
    heads = {kind: quantise_head(getattr(plain, f"hyper_{kind}"), kind, z_every) for kind in ("mean", "scale")}
    size = s_all[0].shape[2:]
    symbols, indices, bits = [], [], {"float": 0.0, "integer": 0.0}
    for s, z in zip(s_all, z_all):
        mean, index = heads["mean"](z, *size).float() / 64, heads["scale"](z, *size)
        q = torch.floor(s - mean + 0.5)
        symbols.append(q.numpy().astype(np.int64).ravel())
        indices.append(index.numpy().astype(np.int64).ravel())
        float_mean, float_index = plain.hyper_decode(z, *size)
        bits["integer"] += float(conditional_bits(q, index.float()).sum())
        float_residual = torch.floor(s - float_mean + 0.5)
        bits["float"] += float(conditional_bits(float_residual, float_index.clamp(0, 63)).sum())
    observed = np.stack([z.permute(1, 0, 2, 3).flatten(1).numpy() for z in z_all]).astype(np.int64)
    y_tables = conditional_tables(np.concatenate(symbols), np.concatenate(indices))
    z_tables = prior_tables(plain.z_mean.numpy(), plain.z_log_scale.numpy(), observed)
    tensors = float_tensors(plain)
    for kind, head in heads.items():
        tensors.update(head_tensors(f"hyper_{kind}", head))
    tensors.update(y_tables.tensors("tables.y") | z_tables.tensors("tables.z"))
    shifts = {kind: [layer.shift for layer in head.layers] for kind, head in heads.items()}
    metadata = {
        "format": "hsc-model-1", "spec": plain.spec.to_json(), "stage": STAGE,
        "shifts": json.dumps(shifts), "training": json.dumps(training),
    }
    table_bits = float(y_tables.bits(np.concatenate(symbols), np.concatenate(indices)).sum())
    report = {
        "integer_over_float": bits["integer"] / bits["float"] - 1,
        "tables_over_shape": table_bits / bits["integer"] - 1,
    }
    return safetensors.to_bytes(tensors, metadata), report


def write_model(data, spec, folder=MODELS):
    """Writes the file and its entry in the manifest; returns the entry."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{spec.name}.safetensors"
    path.write_bytes(data)
    entry = {
        "id": spec.name, "label": LABELS[spec.name], "file": path.name, "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(), "grid": spec.grid, "stage": STAGE,
        "targetRates": list(spec.target_rates),
    }
    manifest = folder / "manifest.json"
    models = json.loads(manifest.read_text())["models"] if manifest.exists() else []
    models = sorted([m for m in models if m["id"] != spec.name] + [entry], key=lambda m: list(LABELS).index(m["id"]))
    manifest.write_text(json.dumps({"models": models}, indent=2) + "\n")
    return entry


def main():
    parser = argparse.ArgumentParser(description="Export a checkpoint as a weights file.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--images", type=int, default=192, help="training images for ranges and tables")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    trainer = Trainer.load(arguments.checkpoint)
    images = batches_of({**trainer.options, "crop": 96}, seed=7).batch(arguments.images)
    training = {
        "steps": trainer.total_steps, "history": trainer.history, "batch": trainer.options["batch"],
        "crop": trainer.options["crop"], "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "data": "simulated patches (textures x spectra) and real cubes of the shared training set",
        "lambda": [round(math.exp(v), 4) for v in trainer.control.log_lambda.tolist()], "torch": torch.__version__,
        "device": "CPU",
    }
    data, report = export_model(trainer.codec, images, training)
    print(json.dumps({**write_model(data, trainer.codec.spec), **report}))


if __name__ == "__main__":
    main()
