"""Section 21: the latents of a hyperprior's file."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import HscError
from .fields import Reader
from .hyper_synthesis import MAX_ACTIVATION, hyper_synthesis
from .range_decoder import RangeDecoder
from .weights import MAX_CHANNELS, MAX_TARGETS, SCALES, parse_safetensors, read_layers, read_tables

FAMILY = "hyperprior"
FORMAT = "hsc-hyperprior-1"
STRIDE = 16


@dataclass(frozen=True)
class GroupSymbols:
    """int32 arrays of one group of bands, channels last."""

    zq: np.ndarray
    q: np.ndarray


def decode_hyperprior(file, weights):
    """The symbols of every group; `weights`: path of the weights file. Raises HscError."""
    header = file.header
    if header.family != FAMILY:
        raise HscError("unsupported", f"a {header.family} file holds no latents of the hyperprior")
    data = Path(weights).read_bytes()
    metadata, tensors = parse_safetensors(data)
    if metadata.get("format") != FORMAT:
        raise HscError("bad-file", f"the weights file is not of format {FORMAT}")
    filters, channels, targets, groups, shifts = _counts(metadata)
    (payload,) = file.payloads
    file.verify(0, payload)
    reader = Reader(payload)
    digest, rate = reader.bytes(4).hex(), reader.bytes(1)[0]
    if digest != hashlib.sha256(data).hexdigest()[:8]:
        raise HscError("model-mismatch", f"the file needs weights {digest}")
    target = (rate + 30) // 60
    if target >= targets:
        raise HscError("bitstream", "impossible rate")
    layers = read_layers(tensors, "hyper_scale", filters, channels, shifts)
    z_tables = read_tables(tensors, "tables.z", targets * filters)[target * filters :][:filters]
    y_tables = read_tables(tensors, "tables.y", SCALES)
    outer = RangeDecoder(reader.bytes(reader.varint()))
    inner = RangeDecoder(reader.bytes(reader.remaining))
    height, width = (-(-side // STRIDE) for side in (header.height, header.width))
    hyper = tuple(-(-(-(-side // 2)) // 2) for side in (height, width))
    symbols = []
    for _ in range(groups):
        z = [table.decode(outer) for _ in range(hyper[0] * hyper[1]) for table in z_tables]
        zq = np.array(z, np.int32).reshape(*hyper, filters)
        fine = hyper_synthesis(layers, zq, height, width, -MAX_ACTIVATION, MAX_ACTIVATION)
        index = np.clip((fine + 32) >> 6, 0, SCALES - 1)
        q = np.array([y_tables[i].decode(inner) for i in index.ravel()], np.int32)
        symbols.append(GroupSymbols(zq, q.reshape(index.shape)))
    outer.finish()
    inner.finish()
    return symbols


def _counts(metadata):
    """Hyper filters, latent channels, targets, groups and shifts that the weights state."""
    try:
        spec = json.loads(metadata["spec"])
        filters, channels, bands, group = (int(spec[k]) for k in ("filters", "latentChannels", "bands", "group"))
        shifts, targets = [int(shift) for shift in json.loads(metadata["shifts"])], len(spec["lambdas"])
        groups, rest = divmod(bands, group)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise HscError("bad-file", "the weights file lacks its specification") from error
    if rest or not all(1 <= n <= MAX_CHANNELS for n in (filters, channels, groups)) or not 1 <= targets <= MAX_TARGETS:
        raise HscError("limit", "the model has impossible numbers of channels, groups or rates")
    return filters, channels, targets, groups, shifts


def group_digest(symbols):
    """SHA-256 over every group's zq and q, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for own in symbols:
        digest.update(own.zq.astype("<i4").tobytes() + own.q.astype("<i4").tobytes())
    return digest.hexdigest()
