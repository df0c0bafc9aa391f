"""Decodes a .hsc file to its symbols, a lossless one to its samples.

    python3 -m hsc_decoder FILE.hsc --model models/x.safetensors [--symbols out.npz] [--weights out.npz] [--digest]
    python3 -m hsc_decoder SSCNET.hsc --model models/sscnet-vnir-128.safetensors [--symbols out.npz] [--digest]
    python3 -m hsc_decoder LOSSLESS.hsc [--symbols out.npz] [--digest]
    python3 -m hsc_decoder FILE.hsc FILE.hsc … --model models/x.safetensors --digest
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from . import (
    HscError,
    decode_autoencoder,
    decode_file,
    decode_frame,
    decode_hyperprior,
    decode_samples,
    decode_weights,
    group_digest,
    latents_digest,
    load_model,
    parse_file,
    sample_digest,
    symbol_digest,
)
from .autoencoder import STRIDES
from .hyperprior import FAMILY as HYPERPRIOR

ARRAYS = ("zq", "q", "mean", "scale_index")


def main():
    parser = argparse.ArgumentParser(
        prog="hsc_decoder", description="Reference decoder of .hsc files."
    )
    parser.add_argument("files", metavar="file", nargs="+", help="the .hsc file; several with --digest")
    parser.add_argument("--model", help="the weights that a hific file was made with")
    parser.add_argument(
        "--symbols",
        metavar="NPZ",
        help="write zq_i, q_i, mean_i, scale_index_i of every tile i and frame, or samples",
    )
    parser.add_argument(
        "--weights", metavar="NPZ", help="write the decoder's weights as a hific file changes them"
    )
    parser.add_argument("--digest", action="store_true", help="print the symbols' SHA-256 only")
    arguments = parser.parse_args()
    if len(arguments.files) > 1 and not arguments.digest:
        parser.error("several files go with --digest only")
    try:
        for path in arguments.files:
            file = parse_file(Path(path).read_bytes())
            family = file.header.family
            if family != "lossless" and not arguments.model:
                parser.error("a file that is not lossless needs --model")
            model = None
            if family == "lossless":
                arrays, digest = lossless_content(file)
            elif family in STRIDES:
                latents = decode_autoencoder(file, arguments.model)
                arrays, digest = {"latents": latents}, latents_digest(latents)
            elif family == HYPERPRIOR:
                arrays, digest = group_content(file, arguments.model)
            else:
                model = load_model(arguments.model)
                arrays, digest = latent_content(file, model)
            if arguments.weights and model:
                np.savez_compressed(arguments.weights, **decode_weights(file, model))
            if arguments.symbols:
                np.savez_compressed(arguments.symbols, **arrays)
            if arguments.digest:
                print(digest)
            else:
                print_summary(file, digest)
    except (HscError, OSError) as error:
        sys.exit(f"hsc_decoder: {error}")


def lossless_content(file):
    samples = decode_samples(file)
    return {"samples": samples}, sample_digest(samples)


def group_content(file, weights):
    groups = decode_hyperprior(file, weights)
    arrays = {f"{name}_{i}": getattr(own, name) for i, own in enumerate(groups) for name in ("zq", "q")}
    return arrays, group_digest(groups)


def latent_content(file, model):
    tiles = decode_file(file, model)
    arrays = {f"{name}_{i}": getattr(tile, name) for i, tile in enumerate(tiles) for name in ARRAYS}
    frame = decode_frame(file.header.frame, model)
    if frame is not None:
        arrays["frame"] = frame.values
    return arrays, symbol_digest(tiles)


def print_summary(file, digest):
    for name, value in vars(file.header).items():
        print(f"{name}: {value.hex() or None if isinstance(value, bytes) else value}")
    for name, value in (file.metadata or {}).items():
        print(f"metadata {name}: {value}")
    if file.weights is not None:
        print(f"changes of weights: {len(file.weights)} bytes")
    for i, (place, payload) in enumerate(zip(file.places, file.payloads)):
        size = f"{place.width} x {place.height} latents at {place.x}, {place.y}"
        print(f"tile {i}: {size}, {len(payload)} bytes")
    print(f"symbols: {digest}")


if __name__ == "__main__":
    main()
