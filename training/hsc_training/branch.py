"""Carries a trained codec over to another variant, so that variants share their first steps."""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from .initialise import initialise_axes, near_zero
from .layers import OPEN_GATE
from .networks import Codec
from .spec import preset

# Visible bands in nm; how much their errors count; over how many nm that changes at either edge.
VISIBLE_FROM, VISIBLE_TO, VISIBLE, EDGE_WIDTH = 420.0, 690.0, 2.0, 8.0
GATE = torch.sigmoid(torch.tensor(OPEN_GATE))


@torch.no_grad()
def branch(codec, variant):
    """A codec of `variant` with every parameter that has the same name and shape copied.

    SE blocks start with open gates, and what stands before them is raised by the gate's value, so
    HiFiC_SE starts as the same function. The 3-D ends start new; `fit_ends` trains them.
    """
    target = preset(codec.spec.preset, variant, codec.spec.grid)
    new = Codec(replace(target, target_rates=codec.spec.target_rates, input=codec.spec.input))
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


# What depends on the bands themselves; all else knows only spectral components.
OF_BANDS = ("frame_", "bypass_analysis.klt", "bypass_synthesis.klt", "encoder.se_input", "encoder.conv0", "generator.out")


@torch.no_grad()
def regrid(codec, grid, images, axes):
    """The codec on another named grid; images [n, bands, h, w] in 0..1 and axes (as `initialise`'s) lie on that.

    Block kernels, probability models and G's trunk know spectral components only and are carried over.
    """
    spec = preset(codec.spec.preset, codec.spec.name, grid)
    new = Codec(replace(spec, target_rates=codec.spec.target_rates, input=codec.spec.input, lambdas=codec.spec.lambdas))
    state = new.state_dict()
    for name, value in codec.state_dict().items():
        if not name.startswith(OF_BANDS):
            state[name].copy_(value)
    initialise_axes(new, images, axes)
    near_zero(new.generator.out)
    return new


def visible_weights(centres):
    """Weights [bands] of errors, mean square 1: bands that people see count `VISIBLE` times as much as others; centres in nm."""
    ramp = lambda distance: 1 / (1 + np.exp(-distance / EDGE_WIDTH))
    centres = np.asarray(centres, dtype=np.float64)
    seen = ramp(centres - VISIBLE_FROM) * ramp(VISIBLE_TO - centres)
    weights = 1 + (VISIBLE - 1) * seen
    return weights / np.sqrt((weights**2).mean())


@torch.no_grad()
def weighted(codec, weights, images, axes):
    """The codec for errors that count by `weights` [bands]; images [n, bands, h, w] in 0..1 set the frame's statistics.

    Bands are standardised so. axes (as `initialise`'s) are those of spectra so weighted; all that knows spectral
    components is carried over, and G's last convolution by way of them (HiFiC_3D's, which spans bands, as it is).
    """
    plain = codec.spec.input.std
    if not isinstance(plain, float):
        raise ValueError("errors of this codec's bands are weighted already")
    std = tuple(round(float(plain / weight), 5) for weight in weights)
    new = Codec(replace(codec.spec, input=replace(codec.spec.input, std=std)))
    new.load_state_dict(codec.state_dict())
    initialise_axes(new, images, axes)
    if codec.spec.conv3d is None:
        for value in (new.generator.out.weight, new.generator.out.bias):
            value.copy_(carried(value, codec, new))
    return new


def carried(change, before, after):
    """A change [bands, ...] of G's last convolution for codecs of other axes, by way of spectral components."""
    components = torch.einsum("kb,b...->k...", before.frame_basis, change)
    return torch.einsum("kb,k...->b...", after.frame_basis, components)


@torch.no_grad()
def add_change(codec, before, after):
    """Adds to G and to the linear synthesis what a stage changed in them on another grid: `after` - `before`.

    `before` should be what `codec` came from; what only this has (gates) stays. G's last convolution knows
    bands: its change is carried over in spectral components. Of HiFiC_3D's last two layers, whose sizes go by
    the number of bands, only what has the same shape is.
    """
    old, new, own = before.state_dict(), after.state_dict(), codec.state_dict()
    names = [name for name in own if name.startswith("generator.")] + ["bypass_synthesis.blocks.kernel"]
    for name in names:
        if name not in old:
            continue
        change = new[name] - old[name]
        if name == "generator.detail_planes.weight":
            scaled = [state[name] / state["plane_scale"].view(1, -1, 1, 1) for state in (new, old)]
            change = (scaled[0] - scaled[1]) * codec.plane_scale.view(1, -1, 1, 1)
        if name.startswith("generator.out") and len(change) == before.spec.bands:
            change = carried(change, before, codec)
        if change.shape == own[name].shape:
            own[name].add_(change)


def _compensate_gates(codec):
    codec.encoder.conv0.weight.div_(GATE)
    if codec.spec.bypass is not None:
        for layer in (codec.generator.detail_features, codec.generator.detail_planes):
            layer.weight.div_(GATE)
            layer.bias.div_(GATE)
    for name, module in codec.named_modules():
        if "norm" in name.rsplit(".", 1)[-1]:
            module.gain.div_(GATE)
            module.bias.div_(GATE)


def _first_features(encoder, x):
    h = F.relu(encoder.se0(encoder.norm0(encoder.conv0(encoder.se_input(x)))))
    return encoder.conv1(h)


def _last_image(generator, features):
    h = F.relu(generator.upse3(generator.upnorm3(generator.up3(features))))
    return generator.out(h)


def fit_ends(new, codec, batches, steps=80, size=4, rate=2e-3):
    """Fits the new ends of HiFiC_3D to what the old ends compute, before the joint training.

    E's two first convolutions learn the old second one's output, G's two last the old image, from
    the old network's own inputs at a middle target; everything else stands still.
    """
    generator, features = codec.generator, {}
    hook = generator.up3.register_forward_pre_hook(lambda _, inputs: features.update(up=inputs[0]))
    ends = (new.encoder.conv0, new.encoder.norm0, new.encoder.conv1)
    ends += (new.generator.up3, new.generator.upnorm3, new.generator.out)
    parameters = [p for module in ends for p in module.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - step / steps)
        x = batches.aligned(size, codec)
        with torch.no_grad():
            wanted_features = _first_features(codec.encoder, x)
            middle = torch.full((size,), (len(codec.spec.target_rates) - 1) / 2)
            wanted_image = codec.halves(codec.analyse(x), middle)[0]
        feature_error = F.mse_loss(_first_features(new.encoder, x), wanted_features) / wanted_features.var()
        image_error = F.mse_loss(_last_image(new.generator, features["up"]), wanted_image) / wanted_image.var()
        optimiser.zero_grad(set_to_none=True)
        (feature_error + image_error).backward()
        optimiser.step()
        if step % 25 == 24:
            errors = [round(float(e.detach()), 3) for e in (feature_error, image_error)]
            print(f"fit ends {step + 1}: relative errors of features and image {errors}", flush=True)
    hook.remove()
