"""Section 9: the part of a weights file that decoding symbols depends on."""

import hashlib
import json
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from .errors import HscError
from .range_decoder import MAX_SYMBOL, Table

FORMAT = "hsc-model-5"
SCALES = 64
MAX_CHANNELS = 4096
MAX_TARGETS = 5
MAX_SHIFT = 40
MAX_FACTOR = 2**24
MAX_FRAME_ROWS = 15
MAX_HEADER_BYTES = 4 << 20
TYPES = {"I16": "<i2", "I32": "<i4", "U16": "<u2", "U8": "|u1", "F16": "<f2", "F32": "<f4"}
DECODER_SIDE = ("bypass.synthesis.", "generator.", "log_gains")


@dataclass(frozen=True)
class Layer:
    weight: np.ndarray
    """int64, [k, k, outputs, inputs] where transposed, else [k, k, inputs, outputs]."""
    bias: np.ndarray
    shift: int


@dataclass(frozen=True)
class Matrix:
    weight: np.ndarray
    """int64 [inputs, outputs]."""
    bias: np.ndarray
    shift: int

    def apply(self, a, low):
        """The layer's outputs for inputs a, clamped to low … 32767."""
        sums = a @ self.weight + self.bias
        return np.clip((sums + (1 << (self.shift - 1))) >> self.shift, low, 32767)


@dataclass(frozen=True)
class Context:
    slices: int
    slice_width: int
    norm: np.ndarray
    gain: np.ndarray
    into: Matrix
    hidden: Matrix
    out: Matrix


@dataclass(frozen=True)
class FrameModel:
    index: np.ndarray
    """int64 [1 + rows, components]."""
    step: np.ndarray
    """float64 [1 + rows]."""


@dataclass(frozen=True)
class EntropyModel:
    digest: str
    latent_channels: int
    hyper_filters: int
    targets: int
    mean: list[Layer]
    scale: list[Layer]
    context: Context
    frame: FrameModel | None
    z_tables: list[Table]
    y_tables: list[Table]
    decoder_weights: dict[str, np.ndarray]
    """float32, by ascending names: what a file may change (section 16)."""


def load_model(path):
    """Raises HscError `bad-file` where the weights file is not as section 9 says."""
    data = Path(path).read_bytes()
    metadata, tensors = parse_safetensors(data)
    if metadata.get("format") != FORMAT:
        raise HscError("bad-file", f"the weights file is not of format {FORMAT}")
    try:
        spec, shifts = json.loads(metadata["spec"]), json.loads(metadata["shifts"])
        channels, filters = int(spec["latentChannels"]), int(spec["hyperFilters"])
        targets = len(spec["targetRates"])
        heads = ("mean", "scale", "context")
        mean_shifts, scale_shifts, context_shifts = ([int(s) for s in shifts[h]] for h in heads)
        context, frame = spec["context"], spec["frame"]
        slices, width, own = (int(context[k]) for k in ("slices", "width", "sliceWidth"))
        frame_shape = frame and (int(frame["rows"]) + 1, int(frame["components"]))
    except (KeyError, TypeError, ValueError) as error:
        raise HscError("bad-file", "the weights file lacks its specification") from error
    if not (1 <= channels <= MAX_CHANNELS and 1 <= filters <= MAX_CHANNELS):
        raise HscError("limit", "the model has too many channels")
    if not 1 <= targets <= MAX_TARGETS:
        raise HscError("limit", "the model has too many target rates")
    if not (1 <= slices <= channels and all(1 <= n <= MAX_CHANNELS for n in (width, own * slices))):
        raise HscError("limit", "the context model is too large")
    if frame_shape and not _is_frame(*frame_shape):
        raise HscError("limit", "the frame is too large")
    return EntropyModel(
        digest=hashlib.sha256(data).hexdigest()[:8],
        latent_channels=channels,
        hyper_filters=filters,
        targets=targets,
        mean=read_layers(tensors, "hyper_mean", filters, channels, mean_shifts),
        scale=read_layers(tensors, "hyper_scale", filters, channels, scale_shifts),
        context=_read_context(tensors, channels, slices, width, own, context_shifts),
        frame=_read_frame(tensors, frame_shape) if frame_shape else None,
        z_tables=read_tables(tensors, "tables.z", targets * filters),
        y_tables=read_tables(tensors, "tables.y", SCALES),
        decoder_weights=_decoder_weights(tensors),
    )


def _decoder_weights(tensors):
    names = sorted(name for name in tensors if name.startswith(DECODER_SIDE))
    return {name: tensors[name].astype(np.float32) for name in names}


def parse_safetensors(data):
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


def _find(tensors, name, dtype, shape=None, result=np.int64):
    tensor = tensors.get(name)
    if tensor is None or tensor.dtype != TYPES[dtype] or shape not in (None, tensor.shape):
        raise HscError("bad-file", f"tensor {name} is missing or not as expected")
    return tensor.astype(result)


def read_layers(tensors, head, filters, channels, shifts):
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


def _read_context(tensors, channels, slices, width, own, shifts):
    if len(shifts) != 3 or not all(1 <= shift <= MAX_SHIFT for shift in shifts):
        raise HscError("bad-file", "invalid shifts of the context model")
    shapes = {
        "in": (10 * channels + 1, width),
        "hidden": (width + 2 * channels, slices * own),
        "out": (own, 2 * channels),
    }
    layers = [
        Matrix(
            weight=_find(tensors, f"context.{name}.weight", "I16", shape),
            bias=_find(tensors, f"context.{name}.bias", "I32", shape[1:]),
            shift=shift,
        )
        for (name, shape), shift in zip(shapes.items(), shifts)
    ]
    norm, gain = (_find(tensors, f"context.{k}", "I32", (channels,)) for k in ("norm", "gain"))
    if norm.min() < 1 or gain.min() < 0 or max(norm.max(), gain.max()) > MAX_FACTOR:
        raise HscError("bad-file", "invalid factors of the context model")
    return Context(slices, own, norm, gain, *layers)


def _is_frame(rows, components):
    return 2 <= rows <= MAX_FRAME_ROWS + 1 and rows - 1 <= components <= MAX_CHANNELS


def _read_frame(tensors, shape):
    step = _find(tensors, "frame.step", "F32", shape[:1], np.float64)
    index = _find(tensors, "frame.index", "U8", shape)
    if index.max() >= SCALES or not (np.isfinite(step) & (step > 0)).all():
        raise HscError("bad-file", "the frame of the weights file has impossible values")
    return FrameModel(index, step)


def read_tables(tensors, name, count):
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
