"""Section 5: the optional metadata."""

import zlib

from .errors import HscError
from .fields import Reader, crc24

MAX_BYTES = 2**24
MAX_PICOMETRES = 10**12


def read_metadata(reader, bands):
    """The section as a dict of the names in `FIELDS`."""
    length = reader.varint()
    if length > MAX_BYTES:
        raise HscError("limit", "too many metadata")
    body = reader.bytes(length)
    if reader.u24() != crc24(body):
        raise HscError("check-failed", "the metadata are damaged")
    fields = Reader(_expand(Reader(body)))
    metadata, last = {}, 0
    while fields.remaining:
        tag = fields.u8()
        if tag not in FIELDS:
            raise HscError("bitstream-version", f"unknown metadata tag {tag}")
        if tag <= last:
            raise HscError("bitstream", "metadata out of order")
        last = tag
        name, read = FIELDS[tag]
        value = Reader(fields.bytes(fields.varint()))
        metadata[name] = read(value, bands)
        if value.remaining:
            raise HscError("bitstream", f"bytes left over in {name}")
    _check(metadata, bands)
    return metadata


def _expand(body):
    form = body.u8()
    if form == 0:
        return body.bytes(body.remaining)
    size = body.varint()
    if form != 1 or size > MAX_BYTES:
        raise HscError("bitstream", "metadata in an unknown form")
    try:
        fields = zlib.decompressobj(-15).decompress(body.bytes(body.remaining), size + 1)
    except zlib.error as error:
        raise HscError("bitstream", "the metadata do not decompress") from error
    if len(fields) != size:
        raise HscError("bitstream", "the metadata do not decompress")
    return fields


def _text(reader, _):
    return reader.text()


def _texts(reader, _):
    count = reader.varint()
    if count > reader.remaining:
        raise HscError("bitstream", "malformed list of texts")
    return [reader.text() for _ in range(count)]


def _indices(reader, _):
    values, next_value = [], 0
    while reader.remaining:
        start, run = next_value + reader.varint(), reader.varint()
        if run < 1 or len(values) + run > 16384:
            raise HscError("bitstream", "malformed list of bands")
        next_value = start + run
        values.extend(range(start, next_value))
    return values


def _selection(reader, bands):
    return {"source_bands": reader.varint(), "coded_bands": _indices(reader, bands)}


def _nanometres(reader, bands):
    values = []
    for i in range(bands):
        prediction = 0
        if i == 1:
            prediction = values[0]
        elif i > 1:
            prediction = 2 * values[-1] - values[-2]
        values.append(prediction + reader.zigzag())
        if abs(values[-1]) > MAX_PICOMETRES:
            raise HscError("bitstream", "impossible wavelength")
    return [value / 1000 for value in values]


def _check(metadata, bands):
    selection = metadata.get("selection")
    per_band = [metadata.get(name) for name in ("wavelengths_nm", "fwhm_nm", "band_names")]
    if selection:
        per_band.append(selection["coded_bands"])
    fits = all(len(values) == bands for values in per_band if values is not None)
    indices = [*metadata.get("bad_bands", []), *metadata.get("default_bands", [])]
    fits = fits and all(index < bands for index in indices)
    if selection and selection["coded_bands"]:
        fits = fits and selection["coded_bands"][-1] < selection["source_bands"]
    if not fits:
        raise HscError("bitstream", "the metadata do not describe the bands of the file")


FIELDS = {
    1: ("name", _text),
    2: ("sensor", _text),
    3: ("units", _text),
    4: ("selection", _selection),
    5: ("wavelengths_nm", _nanometres),
    6: ("fwhm_nm", _nanometres),
    7: ("band_names", _texts),
    8: ("bad_bands", _indices),
    9: ("no_data_value", lambda reader, _: reader.f64()),
    10: ("default_bands", lambda reader, _: [reader.varint() for _ in range(3)]),
    11: ("map_info", _texts),
    12: ("wkt", _text),
    13: ("epsg", lambda reader, _: reader.varint()),
    14: ("transform", lambda reader, _: [reader.f64() for _ in range(6)]),
    15: ("notes", _texts),
}
