"""Sections 2 to 5: a file taken apart, nothing decoded."""

import struct
from dataclasses import dataclass

from .errors import HscError
from .fields import Reader, crc24
from .metadata import read_metadata

CHANGES_WEIGHTS = 5
FAMILIES = {
    0: "hific", 1: "jpeg2000", 2: "pca-jpeg2000", 3: "lossless", 4: "klt-jpeg2000", CHANGES_WEIGHTS: "hific",
    9: "cae-1d", 10: "sscnet", 11: "cae-3d", 12: "hyperprior",
}
MAPPINGS = ("wavelength", "position", "grid")
SAMPLE_TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")

MAX_FILE_BYTES = 2**31 - 1
MAX_SIDE = 65536
MAX_PIXELS = 2**28
MAX_BANDS = 16384
MAX_RATE = 240
MAX_LOW_STEPS = 2**41
MAX_WEIGHTS_BYTES = 2**24


@dataclass(frozen=True)
class Header:
    family: str
    mapping: str
    sample_type: str
    width: int
    height: int
    bands: int
    low: float
    high: float
    model_digest: str | None
    rate: int | None
    frame: bytes | None
    """The spectral frame, coded; empty for none."""


@dataclass(frozen=True)
class TilePlace:
    """In latents."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class HscFile:
    header: Header
    metadata: dict | None
    weights: bytes | None
    """Body of the weights section; None where the file has none."""
    places: list[TilePlace]
    """One a tile; empty for families other than hific."""
    checks: list[int]
    payloads: list[bytes]
    header_bytes: bytes

    def verify(self, tile, content):
        """Raises `check-failed` unless `content` (bytes) is what the tile's check was made of."""
        if self.checks[tile] != crc24(self.header_bytes, struct.pack("<i", tile), content):
            raise HscError("check-failed", f"the check of tile {tile} does not match")


def parse_file(data):
    """Raises HscError for anything that section 2 to 5 call an error."""
    if len(data) > MAX_FILE_BYTES:
        raise HscError("limit", "the file is larger than 2 GiB")
    reader = Reader(data)
    header, has_metadata, has_weights = _read_header(reader)
    count, places = 1, []
    if header.family == "hific":
        count = _tiles_along(header.width) * _tiles_along(header.height)
        if count > 1 and count > reader.remaining:
            raise HscError("truncated", "the file ends inside its tile index")
        places = tile_places(header.width, header.height)
    lengths = [reader.varint() for _ in range(count)] if count > 1 else None
    header_bytes = reader.data[: reader.position]
    if lengths is not None and reader.u24() != crc24(header_bytes):
        raise HscError("check-failed", "the header is damaged")
    metadata = read_metadata(reader, header.bands) if has_metadata else None
    weights = _read_weights(reader, header_bytes) if has_weights else None
    checks, payloads = [], []
    for tile in range(count):
        checks.append(reader.u24())
        payloads.append(reader.bytes(reader.remaining if lengths is None else lengths[tile]))
    if reader.remaining:
        raise HscError("bitstream", "bytes after the last tile")
    return HscFile(header, metadata, weights, places, checks, payloads, header_bytes)


def _read_header(reader):
    magic = reader.bytes(3)
    if magic[:2] != b"HS" or magic[2] >> 4 != 0xC:
        raise HscError("bitstream", "not a .hsc file")
    if magic[2] != 0xC1:
        raise HscError("bitstream-version", f"unknown format version {magic[2] & 15}")
    kind = reader.u8()
    family = FAMILIES.get(kind & 31)
    if family is None:
        raise HscError("bitstream-version", f"unknown codec family {kind & 31}")
    mapping = _choose(MAPPINGS, (kind >> 5) & 3, "band mapping")
    sample_type = _choose(SAMPLE_TYPES, reader.u8(), "sample type")
    width, height, bands = (reader.varint() + 1 for _ in range(3))
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS or bands > MAX_BANDS:
        raise HscError("limit", f"{width} x {height} pixels, {bands} bands: too large")
    low, high = _read_range(reader)
    digest = rate = frame = None
    if family == "hific":
        digest, rate = reader.bytes(4).hex(), reader.u8()
        if rate > MAX_RATE:
            raise HscError("bitstream", "impossible rate")
        frame = bytes(reader.bytes(reader.varint()))
    fields = (family, mapping, sample_type, width, height, bands, low, high, digest, rate, frame)
    return Header(*fields), kind >= 128, kind & 31 == CHANGES_WEIGHTS


def _read_weights(reader, header_bytes):
    """Section 16: the body, checked."""
    length = reader.varint()
    if length > MAX_WEIGHTS_BYTES:
        raise HscError("limit", "more than 16 MiB of changed weights")
    body = reader.bytes(length)
    if reader.u24() != crc24(header_bytes, body):
        raise HscError("check-failed", "the changes of weights are damaged")
    return bytes(body)


def _choose(names, number, what):
    if number >= len(names):
        raise HscError("bitstream-version", f"unknown {what} {number}")
    return names[number]


def _read_range(reader):
    code, steps = reader.u16(), reader.zigzag()
    if not 1 <= code <= 0xFEFF or abs(steps) > MAX_LOW_STEPS:
        raise HscError("bitstream", "impossible value range")
    span = struct.unpack("<f", struct.pack("<I", code << 15))[0]
    low = steps * span / 4096
    return low, low + span


def tile_places(width, height):
    """Section 4: the tiles of an image, in the order of the file."""
    columns, rows = _cuts(width), _cuts(height)
    return [
        TilePlace(x, y, right - x, bottom - y)
        for y, bottom in zip(rows, rows[1:])
        for x, right in zip(columns, columns[1:])
    ]


def _cuts(pixels):
    latents, tiles = -(-pixels // 16), _tiles_along(pixels)
    return [i * latents // tiles for i in range(tiles + 1)]


def _tiles_along(pixels):
    return max(1, -(-pixels // 16) // 6)
