"""Sections 6 and 11: the symbols of a file."""

import hashlib
from dataclasses import dataclass

import numpy as np

from .errors import HscError
from .hyper_synthesis import MAX_ACTIVATION, hyper_synthesis
from .range_decoder import RangeDecoder
from .weights import SCALES


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
    target = (header.rate + 30) // 60
    if target >= model.targets:
        raise HscError("model-mismatch", "the model was not trained for the rate of the file")
    place = file.places[index]
    tile = _decode(model, target, place.height, place.width, file.payloads[index])
    file.verify(index, tile.symbol_bytes())
    return tile


def _decode(model, target, height, width, payload):
    decoder = RangeDecoder(payload)
    filters = model.hyper_filters
    tables = model.z_tables[target * filters : (target + 1) * filters]
    hyper_height, hyper_width = (-(-(-(-side // 2)) // 2) for side in (height, width))
    symbols = [table.decode(decoder) for _ in range(hyper_height * hyper_width) for table in tables]
    zq = np.array(symbols, np.int32).reshape(hyper_height, hyper_width, filters)
    limits = -MAX_ACTIVATION, MAX_ACTIVATION
    mean = hyper_synthesis(model.mean, zq, height, width, *limits)
    scale = hyper_synthesis(model.scale, zq, height, width, 0, SCALES - 1)
    q = [model.y_tables[index].decode(decoder) for index in scale.ravel().tolist()]
    decoder.finish()
    return Tile(
        zq=zq,
        q=np.array(q, np.int32).reshape(scale.shape),
        mean=mean.astype(np.int32),
        scale_index=scale.astype(np.int32),
    )


def symbol_digest(tiles):
    """SHA-256 over the symbols of all tiles, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for tile in tiles:
        digest.update(tile.symbol_bytes())
    return digest.hexdigest()
