"""Section 1: fixed-width fields, varints, text and the check."""

import struct

from .errors import HscError

MAX_VARINT_BYTES = 7


def crc24(*parts):
    """CRC-24 of OpenPGP over the concatenated parts."""
    crc = 0xB704CE
    for part in parts:
        for byte in part:
            crc ^= byte << 16
            for _ in range(8):
                crc <<= 1
                if crc & 0x1000000:
                    crc ^= 0x1864CFB
    return crc


class Reader:
    """Reads fields one after the other from bytes."""

    def __init__(self, data):
        self.data = bytes(data)
        self.position = 0

    @property
    def remaining(self):
        return len(self.data) - self.position

    def bytes(self, count):
        if count > self.remaining:
            raise HscError("truncated", "the file ends too early")
        start = self.position
        self.position += count
        return self.data[start : self.position]

    def u8(self):
        return self.bytes(1)[0]

    def u16(self):
        return int.from_bytes(self.bytes(2), "little")

    def u24(self):
        return int.from_bytes(self.bytes(3), "little")

    def f64(self):
        return struct.unpack("<d", self.bytes(8))[0]

    def varint(self):
        value = 0
        for group in range(MAX_VARINT_BYTES):
            byte = self.u8()
            value |= (byte & 127) << (7 * group)
            if byte < 128:
                if byte == 0 and group > 0:
                    break
                return value
        raise HscError("bitstream", "malformed number")

    def zigzag(self):
        value = self.varint()
        return -((value + 1) // 2) if value % 2 else value // 2

    def text(self):
        try:
            return self.bytes(self.varint()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise HscError("bitstream", "malformed text") from error
