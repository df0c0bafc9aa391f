"""Reference decoder for `.hsc` files, written from docs/bitstream.md; section numbers are its.

Yields the integers of a hific file (hyper-latents zq, latents q, means and scale indices), the latents of
an autoencoder's or a hyperprior's, and the samples of a lossless one. Made to be read, not to be fast. Needs NumPy and the standard library.
"""

from .autoencoder import decode_autoencoder, latents_digest
from .container import HscFile, parse_file
from .errors import HscError
from .frame import Frame, decode_frame, rotation
from .hyperprior import GroupSymbols, decode_hyperprior, group_digest
from .latents import Tile, decode_file, decode_tile, symbol_digest
from .lossless import decode_samples, sample_digest
from .weight_delta import decode_weights, weights_digest
from .weights import EntropyModel, load_model

__all__ = [
    "EntropyModel",
    "Frame",
    "GroupSymbols",
    "HscError",
    "HscFile",
    "Tile",
    "decode_autoencoder",
    "decode_file",
    "decode_frame",
    "decode_hyperprior",
    "decode_samples",
    "decode_tile",
    "decode_weights",
    "group_digest",
    "latents_digest",
    "load_model",
    "parse_file",
    "rotation",
    "sample_digest",
    "symbol_digest",
    "weights_digest",
]
