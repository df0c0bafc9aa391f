"""Decodes a .hsc file to its symbols.

    python3 -m hsc_decoder FILE.hsc --model models/x.safetensors [--symbols out.npz] [--digest]
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from . import HscError, decode_file, load_model, parse_file, symbol_digest

ARRAYS = ("zq", "q", "mean", "scale_index")


def main():
    parser = argparse.ArgumentParser(
        prog="hsc_decoder", description="Reference decoder of .hsc files."
    )
    parser.add_argument("file", help="the .hsc file")
    parser.add_argument("--model", required=True, help="the weights that the file was made with")
    parser.add_argument(
        "--symbols", metavar="NPZ", help="write zq_i, q_i, mean_i, scale_index_i of every tile i"
    )
    parser.add_argument("--digest", action="store_true", help="print the symbols' SHA-256 only")
    arguments = parser.parse_args()
    try:
        file = parse_file(Path(arguments.file).read_bytes())
        tiles = decode_file(file, load_model(arguments.model))
    except (HscError, OSError) as error:
        sys.exit(f"hsc_decoder: {error}")
    if arguments.symbols:
        arrays = {
            f"{name}_{i}": getattr(tile, name) for i, tile in enumerate(tiles) for name in ARRAYS
        }
        np.savez_compressed(arguments.symbols, **arrays)
    if arguments.digest:
        print(symbol_digest(tiles))
    else:
        print_summary(file, tiles)


def print_summary(file, tiles):
    for name, value in vars(file.header).items():
        print(f"{name}: {value}")
    for name, value in (file.metadata or {}).items():
        print(f"metadata {name}: {value}")
    for i, (place, payload) in enumerate(zip(file.places, file.payloads)):
        size = f"{place.width} x {place.height} latents at {place.x}, {place.y}"
        print(f"tile {i}: {size}, {len(payload)} bytes")
    print(f"symbols: {symbol_digest(tiles)}")


if __name__ == "__main__":
    main()
