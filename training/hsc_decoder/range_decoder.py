"""Sections 6 and 7: range coder and probability tables."""

from bisect import bisect_right

from .errors import HscError

MAX_SYMBOL = 32767
MAX_ZEROS_SUPPLIED = 8
MAX_PREFIX = 15


class RangeDecoder:
    def __init__(self, payload):
        self.payload = payload
        self.position = 0
        self.range = 1 << 32
        self.offset = self._digit() << 16
        self.offset += self._digit()

    def _digit(self):
        if self.position + 2 > len(self.payload) + MAX_ZEROS_SUPPLIED:
            raise HscError("truncated", "the file ends inside a tile")
        digit = int.from_bytes(self.payload[self.position : self.position + 2].ljust(2, b"\0"))
        self.position += 2
        return digit

    def target(self):
        return ((self.offset + 1) * 65536 - 1) // self.range

    def consume(self, start, end):
        low = self.range * start >> 16
        high = self.range * end >> 16
        self.offset -= low
        self.range = high - low
        if self.range < 65536:
            self.offset = (self.offset << 16) + self._digit()
            self.range <<= 16

    def bits(self, count):
        width = 1 << (16 - count)
        value = self.target() // width
        self.consume(value * width, (value + 1) * width)
        return value

    def finish(self):
        if self.position < len(self.payload):
            raise HscError("bitstream", "bytes after the end of a tile")


class Table:
    """Values minimum, minimum + 1, …; `cumulative` runs from 0 to 65536, the escape last."""

    def __init__(self, minimum, cumulative):
        self.minimum = minimum
        self.cumulative = cumulative
        self.count = len(cumulative) - 2

    def decode(self, decoder):
        entry = bisect_right(self.cumulative, decoder.target()) - 1
        decoder.consume(self.cumulative[entry], self.cumulative[entry + 1])
        if entry < self.count:
            return self.minimum + entry
        return self._decode_escape(decoder)

    def _decode_escape(self, decoder):
        below = decoder.bits(1)
        zeros = 0
        while decoder.bits(1) == 0:
            zeros += 1
            if zeros > MAX_PREFIX:
                raise HscError("check-failed", "impossible symbol")
        distance = (1 << zeros) + decoder.bits(zeros)
        value = (
            self.minimum - distance if below else self.minimum + self.count - 1 + distance
        )
        if abs(value) > MAX_SYMBOL:
            raise HscError("check-failed", "impossible symbol")
        return value
