"""Carries a trained codec over to another variant, so that variants share their first steps."""

from dataclasses import replace

import torch

from .layers import OPEN_GATE
from .networks import Codec
from .spec import preset

GATE = torch.sigmoid(torch.tensor(OPEN_GATE))


@torch.no_grad()
def branch(codec, variant):
    """A codec of `variant` with every parameter that has the same name and shape copied.

    SE blocks start with open gates, and what stands before them is raised by the gate's value, so
    HiFiC_SE starts as the same function. The 3-D ends start new, E's last and G's last layer near
    zero effect on the linear bypass.
    """
    target = preset(codec.spec.preset, variant)
    target = replace(target, target_rates=codec.spec.target_rates, input=codec.spec.input)
    new = Codec(target)
    old, state = codec.state_dict(), new.state_dict()
    for name, value in state.items():
        if name in old and old[name].shape == value.shape:
            value.copy_(old[name])
    if new.spec.se is not None:
        _compensate_gates(new)
    if new.spec.conv3d is not None:
        new.generator.out.weight.mul_(0.02)
        new.generator.out.bias.copy_(codec.generator.out.bias)
    return new


def _compensate_gates(codec):
    codec.encoder.conv0.weight.div_(GATE)
    for name, module in codec.named_modules():
        leaf = name.rsplit(".", 1)[-1]
        if "norm" in leaf:
            module.gain.div_(GATE)
            module.bias.div_(GATE)
