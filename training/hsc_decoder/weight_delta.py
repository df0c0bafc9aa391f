"""Section 16: what a file changes of its model's weights."""

import hashlib
from math import prod

import numpy as np

from .adaptive import BitDecoder
from .errors import HscError
from .fields import Reader

MIN_EXPONENT, MAX_EXPONENT = -30, 10
MAX_STEPS = 2**24
MAX_VALUE = 65504
MODELS = 3


def decode_weights(file, model):
    """The tensors that a file may change, as it leaves them: name -> float32, in order of names.

    Raises HscError.
    """
    if file.header.model_digest != model.digest:
        message = f"the file needs model {file.header.model_digest}, this is {model.digest}"
        raise HscError("model-mismatch", message)
    weights = dict(model.decoder_weights)
    names = list(weights)
    if file.weights is None:
        return weights
    reader = Reader(file.weights)
    changes = _read_changes(reader, len(names))
    decoder = BitDecoder(reader.bytes(reader.remaining))
    for number, exponent in changes:
        base = weights[names[number]]
        steps = [_step(decoder, base.ndim) for _ in range(prod(base.shape))]
        change = np.array(steps, np.float64).reshape(base.shape) * 2.0**exponent
        changed = (base.astype(np.float64) + change).astype(np.float32)
        if np.abs(changed).max(initial=0) > MAX_VALUE:
            raise HscError("bitstream", f"impossible values of {names[number]}")
        weights[names[number]] = changed
    decoder.finish()
    return weights


def _read_changes(reader, targets):
    """(number, exponent) of every tensor that is changed."""
    count = reader.varint()
    if not 1 <= count <= targets:
        raise HscError("bitstream", "an impossible number of changed tensors")
    changes, expected = [], 0
    for _ in range(count):
        number, exponent = expected + reader.varint(), reader.zigzag()
        if number >= targets or not MIN_EXPONENT <= exponent <= MAX_EXPONENT:
            raise HscError("bitstream", "a change of an impossible tensor or size")
        changes.append((number, exponent))
        expected = number + 1
    return changes


def _step(decoder, axes):
    step = decoder.integer(min(max(axes, 1), MODELS))
    if abs(step) >= MAX_STEPS:
        raise HscError("bitstream", "an impossible change of a weight")
    return step


def weights_digest(weights):
    """SHA-256 over all of them in order, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for value in weights.values():
        digest.update(value.astype("<f4").tobytes())
    return digest.hexdigest()
