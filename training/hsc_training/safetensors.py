"""Reading and writing safetensors files (https://github.com/huggingface/safetensors)."""

import json

import numpy as np

_TYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I16": "<i2", "I32": "<i4", "U16": "<u2", "U8": "|u1"}
_NAMES = {np.dtype(code): name for name, code in _TYPES.items()}


def to_bytes(tensors, metadata=None):
    """The file's bytes; `tensors` maps names to arrays, `metadata` strings to strings.

    Tensors are laid out widest type first, then by name, so every one is aligned and the same
    input always gives the same bytes.
    """
    arrays = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
    order = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    header, offset = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for name in order:
        value = arrays[name]
        if value.dtype not in _NAMES:
            raise ValueError(f"tensor '{name}' has type {value.dtype}, which this writer does not know")
        end = offset + value.nbytes
        header[name] = {"dtype": _NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(arrays[name].tobytes() for name in order)


def from_bytes(data):
    """(tensors, metadata) of a file's bytes."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__", {})
    body = memoryview(data)[8 + size :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(body[begin:end], dtype=_TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata
