"""Section 12: the samples of a lossless file."""

import hashlib
import math

import numpy as np

from .adaptive import BitDecoder
from .errors import HscError
from .fields import Reader
from .planes import decode_planes

FORMS = ("integer", "divide", "multiply", "single", "double")
MAX_PALETTE = 65536
MAX_SAMPLES = 2**29
MAX_BYTES = 2**31
INT32 = (-(2**31), 2**31 - 1)


def decode_samples(file):
    """Array [height, width, bands] in the cube's own type. Raises HscError."""
    header = file.header
    if header.family != "lossless":
        raise HscError("unsupported", f"a {header.family} file is not lossless")
    dtype = np.dtype(header.sample_type).newbyteorder("<")
    count = header.width * header.height * header.bands
    if count > MAX_SAMPLES or count * dtype.itemsize > MAX_BYTES:
        raise HscError("limit", "more samples than a lossless file may have")
    (payload,) = file.payloads
    file.verify(0, payload)
    return _decode_payload(payload, header, dtype)


def sample_digest(samples):
    """SHA-256 over the samples' little-endian bytes, 64 hexadecimal digits."""
    return hashlib.sha256(samples.tobytes()).hexdigest()


def _decode_payload(payload, header, dtype):
    reader = Reader(payload)
    kinds = reader.u8()
    form, alphabet = kinds & 15, kinds >> 4
    if form >= len(FORMS) or alphabet > 2 or not _fits(FORMS[form], dtype):
        raise HscError("bitstream", "impossible form of samples")
    form = FORMS[form]
    factor = _factor(reader) if form in ("divide", "multiply") else None
    offset, step = _lattice(reader) if alphabet == 1 else (0, 1)
    parameters = BitDecoder(reader.bytes(reader.varint()))
    samples = BitDecoder(reader.bytes(reader.remaining))
    limits = _word_limits(dtype)
    palette = _palette(parameters, limits) if alphabet == 2 else None
    if palette is not None:
        number_limits = 0, len(palette) - 1
    else:
        number_limits = -(-(limits[0] - offset) // step), (limits[1] - offset) // step

    planes = header.bands * (2 if form == "double" else 1)
    numbers = decode_planes(
        parameters, samples, planes, header.height, header.width, number_limits
    )
    words = palette[numbers] if palette is not None else offset + step * numbers
    words = words.reshape(-1, header.bands, header.height, header.width).transpose(0, 2, 3, 1)
    return _samples(words, form, factor, dtype)


def _fits(form, dtype):
    if dtype.kind != "f":
        return form == "integer"
    return form != "integer" and (form != "double" or dtype.itemsize == 8)


def _factor(reader):
    factor = reader.f64()
    if not (factor > 0 and math.isfinite(factor)):
        raise HscError("bitstream", "impossible factor")
    return factor


def _lattice(reader):
    offset, step = reader.zigzag(), reader.varint()
    if abs(offset) > 2**31 or not 2 <= step <= 2**32:
        raise HscError("bitstream", "impossible lattice")
    return offset, step


def _word_limits(dtype):
    if dtype.kind == "f" or dtype.itemsize == 4:
        return INT32
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)


def _palette(parameters, limits):
    size = parameters.integer("palette size")
    if not 1 <= size <= MAX_PALETTE:
        raise HscError("bitstream", "impossible palette")
    words = [parameters.integer("palette first")]
    while len(words) < size:
        gap = parameters.integer("palette gap")
        if gap < 1:
            raise HscError("bitstream", "impossible palette")
        words.append(words[-1] + gap)
    if words[0] < limits[0] or words[-1] > limits[1]:
        raise HscError("bitstream", "impossible palette")
    return np.array(words, np.int64)


def _samples(words, form, factor, dtype):
    """`words` is int64 [words of a sample, height, width, bands]."""
    if form == "integer":
        return (words[0] + (2**31 if dtype == np.uint32 else 0)).astype(dtype)
    if form in ("divide", "multiply"):
        values = words[0].astype(np.float64)
        return (values / factor if form == "divide" else values * factor).astype(dtype)
    upper = np.where(words[0] < 0, words[0] ^ 0x7FFFFFFF, words[0]).astype("<i4").view("<u4")
    if form == "double":
        lower = (words[1] ^ -0x80000000).astype("<i4").view("<u4")
        lower = np.where(upper >> 31, ~lower, lower)
        return (upper.astype("<u8") << np.uint64(32) | lower).view(dtype)
    if dtype.itemsize == 4:
        return upper.view(dtype)
    wide = upper.view("<f4").astype(dtype)
    wide.view("<u8")[np.isnan(wide)] = 0x7FF8 << 48
    return wide
