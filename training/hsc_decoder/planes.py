"""Section 12: parameters, prediction and residuals. Plain integers throughout."""

import numpy as np

from .errors import HscError

SAMPLE_REACH = 20
ERROR_REACH = 8
MEAN_MAGNITUDE = 16
MAX_ESCAPE_EXPONENT = 40

FEEDBACK_PLACES = ((-1, 0), (0, -1), (1, -1), (-1, -1), (1, 0), (0, 1), (-1, 1), (1, 1))


def level(magnitude):
    magnitude = min(magnitude, 2**31 - 1)
    if magnitude < 4:
        return magnitude
    exponent = magnitude.bit_length() - 1
    return 4 * (exponent - 1) + (magnitude >> exponent - 2) - 4


def clamp(value, low, high):
    return min(high, max(low, value))


def decode_planes(parameters, samples, planes, height, width, limits):
    """Numbers, int64 [planes, height, width]; both streams are read to their ends."""
    coder = PlaneDecoder(samples, height, width)
    values = ParameterDecoder(parameters, limits)
    for z in range(planes):
        coder.decode_plane(*values.next_plane(z))
    parameters.finish()
    samples.finish()
    return np.array([plane.x for plane in coder.planes], np.int64)


class ParameterDecoder:
    def __init__(self, stream, limits):
        self.stream = stream
        self.limits = limits
        self.low, self.span, self.taps, self.level = 0, 0, 1, 32

    def next_plane(self, z):
        """low, high, scale level, weights; the last two are of no account where low = high."""
        self.low += self.stream.integer("low")
        self.span += self.stream.integer("span")
        high = self.low + self.span
        require(self.limits[0] <= self.low <= high <= self.limits[1])
        if self.span == 0:
            return self.low, high, self.level, []
        self.taps += self.stream.integer("taps")
        require(1 <= self.taps <= 10 + max(0, min(SAMPLE_REACH, z) - 1))
        self.level += self.stream.integer("scale")
        require(16 <= self.level <= 115)
        weights = [self.stream.integer("weight", k) for k in range(self.taps)]
        require(abs(weights[0]) <= 2**40 and all(abs(w) <= 32767 for w in weights[1:]))
        return self.low, high, self.level, weights


def require(possible):
    if not possible:
        raise HscError("bitstream", "impossible parameters")


class Plane:
    """x numbers, d errors, q magnitudes; lists of rows."""

    def __init__(self, height, width, value=0):
        self.height, self.width = height, width
        self.x = [[value] * width for _ in range(height)]
        self.d = [[0] * width for _ in range(height)]
        self.q = [[MEAN_MAGNITUDE] * width for _ in range(height)]

    def number(self, i, j):
        """That of the nearest sample inside."""
        return self.x[clamp(j, 0, self.height - 1)][clamp(i, 0, self.width - 1)]

    def error(self, i, j):
        inside = 0 <= i < self.width and 0 <= j < self.height
        return self.d[j][i] if inside else 0

    def magnitude(self, i, j):
        """Of a row that is complete."""
        if not 0 <= j < self.height:
            return MEAN_MAGNITUDE
        return self.q[j][clamp(i, 0, self.width - 1)]


class FlatPlane(Plane):
    """One of span 0, or before the first."""

    def magnitude(self, i, j):
        return MEAN_MAGNITUDE


class PlaneDecoder:
    def __init__(self, stream, height, width):
        self.stream = stream
        self.height, self.width = height, width
        self.planes = []
        self.before_all = FlatPlane(height, width)
        self.feedback = [0] * (len(FEEDBACK_PLACES) + 4 + ERROR_REACH)

    def back(self, distance):
        """The plane so many before the current one, which is the last."""
        index = len(self.planes) - 1 - distance
        return self.planes[index] if index >= 0 else self.before_all

    def decode_plane(self, low, high, scale_level, weights):
        if low == high:
            self.planes.append(FlatPlane(self.height, self.width, low))
            return
        self.planes.append(Plane(self.height, self.width))
        scale = 4 + scale_level % 4 << scale_level // 4 - 1
        for j in range(self.height):
            for i in range(self.width):
                self.decode_sample(i, j, low, high, scale, weights)

    def decode_sample(self, i, j, low, high, scale, weights):
        inputs = self.inputs(i, j)
        first = 32 * weights[0] + sum(
            weight * value for weight, value in zip(weights[1:], self.taps(i, j))
        )
        total = sum(f * u for f, u in zip(self.feedback, inputs))
        prediction = clamp(first + (scale * (total >> 8) >> 12), 256 * low, 256 * high)
        rounded = prediction + 128 >> 8
        phase = prediction + 128 - 256 * rounded >> 6
        context = level(self.activity(i, j) * scale // 8192)
        x = rounded + self.residual(context, phase)
        if not low <= x <= high:
            raise HscError("bitstream", "impossible sample")
        error = (16 * (256 * x - prediction) + scale // 2) // scale
        d = clamp(error, -127, 127)
        for k, u in enumerate(inputs):
            self.feedback[k] = clamp(self.feedback[k] + (d * u >> 4), -(2**19), 2**19)
        plane = self.back(0)
        plane.x[j][i], plane.d[j][i], plane.q[j][i] = x, d, min(1023, abs(error))

    def taps(self, i, j):
        """y[1], y[2] …"""
        own, before = self.back(0), self.back(1)
        west = own.number(i - 1, j) if i > 0 else self.west_of_first(j)
        if j > 0:
            north, north_east, north_west = (own.number(i + di, j - 1) for di in (0, 1, -1))
        else:
            north = north_east = north_west = west
        yield before.number(i, j)
        yield west
        yield north
        yield before.number(i - 1, j)
        yield before.number(i, j - 1)
        yield north_east
        yield north_west
        yield before.number(i + 1, j - 1)
        yield before.number(i - 1, j - 1)
        for distance in range(2, SAMPLE_REACH + 1):
            yield self.back(distance).number(i, j)

    def west_of_first(self, j):
        return self.back(0).number(0, j - 1) if j > 0 else self.back(1).number(0, 0)

    def inputs(self, i, j):
        """Errors that are fed back."""
        own, before = self.back(0), self.back(1)
        inputs = [before.error(i + di, j + dj) for di, dj in FEEDBACK_PLACES]
        inputs += [own.error(i + di, j + dj) for di, dj in FEEDBACK_PLACES[:4]]
        reach = min(ERROR_REACH, len(self.planes) - 1)
        return inputs + [self.back(k).error(i, j) for k in range(1, reach + 1)]

    def activity(self, i, j):
        own, before = self.back(0), self.back(1)

        def in_row(column):
            return own.q[j][column] if column >= 0 else MEAN_MAGNITUDE

        twice = in_row(i - 1) + own.magnitude(i, j - 1) + before.magnitude(i, j)
        once = own.magnitude(i - 1, j - 1) + own.magnitude(i + 1, j - 1)
        once += in_row(i - 2) + own.magnitude(i, j - 2)
        once += before.magnitude(i - 1, j) + before.magnitude(i + 1, j)
        once += before.magnitude(i, j - 1) + before.magnitude(i, j + 1)
        return 2 * twice + once

    def residual(self, context, phase):
        stream = self.stream
        if not stream.bit(context, "Z", phase):
            return 0
        negative = stream.bit(context, "S", phase)
        ones = 0
        while ones < 20 and stream.bit(context, "U", ones):
            ones += 1
        if ones == 20:
            ones += self.escape()
        digits = max(0, context // 4 - 3)
        rest = 0
        if digits > 0:
            rest = stream.bit(context, "H", min(ones, 20)) << digits - 1
            rest |= stream.raw(digits - 1)
        magnitude = (ones << digits) + rest + 1
        return -magnitude if negative else magnitude

    def escape(self):
        exponent = 0
        while self.stream.raw(1):
            exponent += 1
            if exponent > MAX_ESCAPE_EXPONENT:
                raise HscError("bitstream", "impossible residual")
        return 2**exponent - 1 + self.stream.raw(exponent)
