"""Section 12: adaptive bits and integers over the range coder of section 7."""

from collections import defaultdict

from .errors import HscError
from .range_decoder import RangeDecoder

MAX_EXPONENT = 44


class Model:
    """Of one bit."""

    def __init__(self):
        self.fast = self.slow = 1 << 20
        self.seen = 0

    def probability(self):
        return min(65504, max(32, (self.fast + self.slow) >> 6))

    def learn(self, bit):
        rate = 1024 // (2 * self.seen + 3)
        goal = bit << 21
        self.fast += (goal - self.fast) * max(rate, 8) >> 9
        self.slow += (goal - self.slow) * max(rate, 1) >> 9
        self.seen = min(510, self.seen + 1)


class BitDecoder:
    """A stream with models by name, each made when it is first asked for."""

    def __init__(self, data):
        self.coder = RangeDecoder(data)
        self.models = defaultdict(Model)

    def bit(self, *name):
        model = self.models[name]
        probability = model.probability()
        bit = int(self.coder.target() < probability)
        self.coder.consume(*((0, probability) if bit else (probability, 65536)))
        model.learn(bit)
        return bit

    def raw(self, count):
        value = 0
        while count > 0:
            step = count % 16 or 16
            value = value << step | self.coder.bits(step)
            count -= step
        return value

    def integer(self, *name):
        """A signed adaptive integer."""
        if not self.bit(*name, "Z"):
            return 0
        negative = self.bit(*name, "N")
        exponent = 0
        while self.bit(*name, "E", exponent):
            exponent += 1
            if exponent == MAX_EXPONENT:
                raise HscError("bitstream", "impossible integer")
        magnitude = 1
        if exponent > 0:
            magnitude = 2 + self.bit(*name, "L", exponent)
            magnitude = magnitude << exponent - 1 | self.raw(exponent - 1)
        return -magnitude if negative else magnitude

    def finish(self):
        self.coder.finish()
