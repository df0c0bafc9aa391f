"""Sections 6 and 11: the symbols of a file."""

import hashlib
from dataclasses import dataclass

import numpy as np

from .context_model import decode_in_context
from .errors import HscError
from .hyper_synthesis import MAX_ACTIVATION, hyper_synthesis
from .range_decoder import RangeDecoder


@dataclass(frozen=True)
class Tile:
    """int32 arrays with channels last; the means are in units of 1 / 64."""

    zq: np.ndarray
    q: np.ndarray
    mean: np.ndarray
    scale_index: np.ndarray

    def symbol_bytes(self):
        return self.zq.astype("<i4").tobytes() + self.q.astype("<i4").tobytes()


def decode_file(file, model):
    """All tiles of a parsed file. Raises HscError at the first that is damaged."""
    return [decode_tile(file, model, i) for i in range(len(file.payloads))]


def decode_tile(file, model, index):
    """Decodes and verifies one tile. Raises HscError."""
    header = file.header
    if header.family != "hific":
        raise HscError("unsupported", f"a {header.family} file holds no latents")
    if header.model_digest != model.digest:
        message = f"the file needs model {header.model_digest}, this is {model.digest}"
        raise HscError("model-mismatch", message)
    if _target(header.rate) >= model.targets:
        raise HscError("model-mismatch", "the model was not trained for the rate of the file")
    place = file.places[index]
    tile = _decode(model, header.rate, place.height, place.width, file.payloads[index])
    file.verify(index, tile.symbol_bytes())
    return tile


def _decode(model, rate, height, width, payload):
    decoder = RangeDecoder(payload)
    filters, target = model.hyper_filters, _target(rate)
    tables = model.z_tables[target * filters : (target + 1) * filters]
    hyper_height, hyper_width = (-(-(-(-side // 2)) // 2) for side in (height, width))
    symbols = [table.decode(decoder) for _ in range(hyper_height * hyper_width) for table in tables]
    zq = np.array(symbols, np.int32).reshape(hyper_height, hyper_width, filters)
    limits = -MAX_ACTIVATION, MAX_ACTIVATION
    mean, scale = (
        hyper_synthesis(head, zq, height, width, *limits) for head in (model.mean, model.scale)
    )
    read = lambda index: model.y_tables[index].decode(decoder)
    parts = decode_in_context(model, mean, scale, rate, read)
    decoder.finish()
    q, mean, index = (part.astype(np.int32) for part in parts)
    return Tile(zq=zq, q=q, mean=mean, scale_index=index)


def _target(rate):
    return (rate + 30) // 60


def symbol_digest(tiles):
    """SHA-256 over the symbols of all tiles, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for tile in tiles:
        digest.update(tile.symbol_bytes())
    return digest.hexdigest()
