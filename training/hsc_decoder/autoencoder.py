"""Section 17: the latents of an autoencoder's file."""

import hashlib
from pathlib import Path

import numpy as np

from .adaptive import BitDecoder
from .errors import HscError
from .fields import Reader
from .planes import decode_planes
from .weights import parse_safetensors

FORMAT = "hsc-autoencoder-1"
STRIDES = {"cae-1d": 1, "sscnet": 8, "cae-3d": 8}
LIMITS = -32768, 32767


def decode_autoencoder(file, weights):
    """Latents, int16 [h, w, components]; `weights`: path of the weights file. Raises HscError."""
    header = file.header
    if header.family not in STRIDES:
        raise HscError("unsupported", f"a {header.family} file holds no latents of an autoencoder")
    data = Path(weights).read_bytes()
    metadata, tensors = parse_safetensors(data)
    if metadata.get("format") != FORMAT or metadata.get("codec") != header.family:
        raise HscError("bad-file", f"the weights file is not of format {FORMAT} for {header.family}")
    (payload,) = file.payloads
    file.verify(0, payload)
    reader = Reader(payload)
    digest = reader.bytes(4).hex()
    if digest != hashlib.sha256(data).hexdigest()[:8]:
        raise HscError("model-mismatch", f"the file needs weights {digest}")
    parameters = BitDecoder(reader.bytes(reader.varint()))
    latents = BitDecoder(reader.bytes(reader.remaining))
    height, width = (-(-side // STRIDES[header.family]) for side in (header.height, header.width))
    planes = decode_planes(parameters, latents, len(tensors["steps"]), height, width, LIMITS)
    return planes.transpose(1, 2, 0).astype("<i2")


def latents_digest(latents):
    """SHA-256 over the latents, 64 hexadecimal digits."""
    return hashlib.sha256(latents.astype("<i2").tobytes()).hexdigest()
