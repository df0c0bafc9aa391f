"""Section 9: the part of a weights file that decoding symbols depends on."""

import hashlib
import json
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from .errors import HscError
from .range_decoder import MAX_SYMBOL, Table

FORMAT = "hsc-model-1"
SCALES = 64
MAX_CHANNELS = 4096
MAX_TARGETS = 5
MAX_SHIFT = 40
MAX_HEADER_BYTES = 4 << 20
TYPES = {"I16": "<i2", "I32": "<i4", "U16": "<u2"}


@dataclass(frozen=True)
class Layer:
    weight: np.ndarray
    """int64, [k, k, outputs, inputs] where transposed, else [k, k, inputs, outputs]."""
    bias: np.ndarray
    shift: int


@dataclass(frozen=True)
class EntropyModel:
    digest: str
    latent_channels: int
    hyper_filters: int
    targets: int
    mean: list[Layer]
    scale: list[Layer]
    z_tables: list[Table]
    y_tables: list[Table]


def load_model(path):
    """Raises HscError `bad-file` where the weights file is not as section 9 says."""
    data = Path(path).read_bytes()
    metadata, tensors = _parse_safetensors(data)
    if metadata.get("format") != FORMAT:
        raise HscError("bad-file", f"the weights file is not of format {FORMAT}")
    try:
        spec, shifts = json.loads(metadata["spec"]), json.loads(metadata["shifts"])
        channels, filters = int(spec["latentChannels"]), int(spec["hyperFilters"])
        targets = len(spec["targetRates"])
        mean_shifts, scale_shifts = ([int(s) for s in shifts[head]] for head in ("mean", "scale"))
    except (KeyError, TypeError, ValueError) as error:
        raise HscError("bad-file", "the weights file lacks its specification") from error
    if not (1 <= channels <= MAX_CHANNELS and 1 <= filters <= MAX_CHANNELS):
        raise HscError("limit", "the model has too many channels")
    if not 1 <= targets <= MAX_TARGETS:
        raise HscError("limit", "the model has too many target rates")
    return EntropyModel(
        digest=hashlib.sha256(data).hexdigest()[:8],
        latent_channels=channels,
        hyper_filters=filters,
        targets=targets,
        mean=_read_layers(tensors, "hyper_mean", filters, channels, mean_shifts),
        scale=_read_layers(tensors, "hyper_scale", filters, channels, scale_shifts),
        z_tables=_read_tables(tensors, "tables.z", targets * filters),
        y_tables=_read_tables(tensors, "tables.y", SCALES),
    )


def _parse_safetensors(data):
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(MAX_HEADER_BYTES, len(data) - 8):
        raise HscError("bad-file", "not a safetensors file")
    try:
        header = json.loads(data[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        body = memoryview(data)[8 + length :]
        tensors = {
            name: _tensor(body, entry)
            for name, entry in header.items()
            if entry["dtype"] in TYPES
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise HscError("bad-file", "the weights file is malformed") from error
    return metadata, tensors


def _tensor(body, entry):
    begin, end = entry["data_offsets"]
    dtype = np.dtype(TYPES[entry["dtype"]])
    if not 0 <= begin <= end <= len(body) or end - begin != prod(entry["shape"]) * dtype.itemsize:
        raise ValueError("offsets do not match the shape")
    return np.frombuffer(body[begin:end], dtype).reshape(entry["shape"])


def _find(tensors, name, dtype, shape=None):
    tensor = tensors.get(name)
    if tensor is None or tensor.dtype != TYPES[dtype] or shape not in (None, tensor.shape):
        raise HscError("bad-file", f"tensor {name} is missing or not as expected")
    return tensor.astype(np.int64)


def _read_layers(tensors, head, filters, channels, shifts):
    shapes = [(5, 5, filters, filters), (5, 5, filters, filters), (3, 3, filters, channels)]
    if len(shifts) != 3 or not all(1 <= shift <= MAX_SHIFT for shift in shifts):
        raise HscError("bad-file", f"invalid shifts of {head}")
    return [
        Layer(
            weight=_find(tensors, f"{head}.conv{i}.weight", "I16", shape),
            bias=_find(tensors, f"{head}.conv{i}.bias", "I32", shape[3:]),
            shift=shift,
        )
        for i, (shape, shift) in enumerate(zip(shapes, shifts))
    ]


def _read_tables(tensors, name, count):
    cdf = _find(tensors, f"{name}.cdf", "U16").tolist()
    minima = _find(tensors, f"{name}.min", "I32", (count,)).tolist()
    lengths = _find(tensors, f"{name}.length", "I32", (count,)).tolist()
    tables, start = [], 0
    for minimum, length in zip(minima, lengths):
        cumulative = [*cdf[start : start + length + 1], 65536]
        start += length + 1
        rises = all(a < b for a, b in zip(cumulative, cumulative[1:]))
        fits = -MAX_SYMBOL <= minimum and minimum + length - 1 <= MAX_SYMBOL
        if length < 1 or len(cumulative) != length + 2 or cumulative[0] or not rises or not fits:
            raise HscError("bad-file", f"invalid probability table in {name}")
        tables.append(Table(minimum, cumulative))
    if start != len(cdf):
        raise HscError("bad-file", f"frequencies left over in {name}")
    return tables
