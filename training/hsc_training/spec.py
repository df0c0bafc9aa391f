"""ArchitectureSpec: one JSON description of a network, shared with TypeScript (`src/nn/spec.ts`)."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Optional, Tuple, Union

from .grid import grid_wavelengths

VARIANTS = ("hific-opt", "hific-se", "hific-3d")
LABELS = {"hific-opt": "HiFiC opt", "hific-se": "HiFiC SE", "hific-3d": "HiFiC 3D"}
# Of the weights of both stages; `gan` is the paper's final objective.
LABELS |= {f"{variant}-gan": f"{label} GAN" for variant, label in LABELS.items()}
SE_PLACEMENTS = ("input", "encoder", "generator")


@dataclass(frozen=True)
class SqueezeExcitationSpec:
    """Where SE blocks stand and by how much they reduce the channel count (paper: 2)."""

    placements: Tuple[str, ...] = SE_PLACEMENTS
    reduction: int = 2


@dataclass(frozen=True)
class Conv3dSpec:
    """3-D convolutions over the spectrum; `ends`: first of E and last of G only."""

    placement: str = "ends"
    filters: int = 3
    kernel: int = 7
    stride: int = 4


@dataclass(frozen=True)
class BypassSpec:
    """Linear bypass: bands -> components (1x1), then counts[k] latents a block of component k."""

    counts: Tuple[int, ...]
    block: int = 16

    @property
    def components(self):
        return len(self.counts)

    @property
    def latents(self):
        return sum(self.counts)


@dataclass(frozen=True)
class ContextSpec:
    """Context model of the latents: channel slices, width of the context, width of a slice's layer."""

    slices: int
    width: int
    slice_width: int


@dataclass(frozen=True)
class FrameSpec:
    """Spectral frame: components that an image may rotate, most rows that a file holds of it."""

    components: int
    rows: int


@dataclass(frozen=True)
class InputSpec:
    """Standardisation of the 0..1 cube before E, undone after G; `std` of all bands or of each."""

    mean: float = 0.25
    std: Union[float, Tuple[float, ...]] = 0.2

    @property
    def variance(self):
        """Squared brightness of a squared error of one in standardised units.

        Where bands have a std of their own, of errors weighted by its inverse, of weights whose mean square is 1.
        """
        own = (self.std,) if isinstance(self.std, float) else self.std
        return len(own) / sum(std**-2 for std in own)


@dataclass(frozen=True)
class ArchitectureSpec:
    """See `docs/models.md`; field names in JSON are camelCase."""

    name: str
    preset: str
    grid: str
    bands: int
    widths: Tuple[int, ...]
    first_kernel: int
    last_kernel: int
    latent_channels: int
    residual_blocks: int
    hyper_filters: int
    context: ContextSpec
    se: Optional[SqueezeExcitationSpec] = None
    conv3d: Optional[Conv3dSpec] = None
    bypass: Optional[BypassSpec] = None
    frame: Optional[FrameSpec] = None
    target_rates: Tuple[float, ...] = (0.2, 0.4, 0.6, 0.8, 1.0)
    lambdas: Tuple[float, ...] = (120.0, 24.0, 4.8, 1.0, 0.2)
    input: InputSpec = InputSpec()

    def __post_init__(self):
        if isinstance(self.input.std, tuple) and len(self.input.std) != self.bands:
            raise ValueError(f"one standard deviation for each of {self.bands} bands, not {len(self.input.std)}")

    def to_json(self):
        """Compact JSON text with the shared schema's field names."""
        return json.dumps(_camel_keys(asdict(self)), separators=(",", ":"))

    @staticmethod
    def from_json(text):
        """Parses the shared schema; raises ValueError naming what is wrong."""
        fields = {_snake(key): value for key, value in json.loads(text).items()}
        for key in ("widths", "target_rates", "lambdas"):
            if key in fields:
                fields[key] = tuple(fields[key])
        if fields.get("se"):
            se = fields["se"]
            fields["se"] = SqueezeExcitationSpec(tuple(se["placements"]), se["reduction"])
        if fields.get("bypass"):
            fields["bypass"] = BypassSpec(tuple(fields["bypass"]["counts"]), fields["bypass"]["block"])
        parts = (("conv3d", Conv3dSpec), ("frame", FrameSpec), ("input", InputSpec), ("context", ContextSpec))
        for key, kind in parts:
            if fields.get(key):
                fields[key] = kind(**{_snake(name): _hashable(value) for name, value in fields[key].items()})
        try:
            return ArchitectureSpec(**fields)
        except TypeError as error:
            raise ValueError(f"not an architecture spec: {error}") from error


def _camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _camel_keys(value):
    if isinstance(value, dict):
        return {_camel(key): _camel_keys(own) for key, own in value.items()}
    return value


def _hashable(value):
    return tuple(value) if isinstance(value, list) else value


def _snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def preset(size, variant, grid=None):
    """The spec of `variant` (hific-opt, hific-se, hific-3d) in preset `studio`, `paper` or `tiny`.

    grid: the name of another spectral grid than the preset's own.
    """
    if variant not in VARIANTS:
        raise ValueError(f"unknown variant '{variant}'; known: {', '.join(VARIANTS)}")
    spec = replace(_BASE[size], name=variant)
    if grid not in (None, spec.grid):
        spec = replace(spec, grid=grid, bands=len(grid_wavelengths(grid)))
    if variant == "hific-se":
        return replace(spec, se=SqueezeExcitationSpec())
    if variant == "hific-3d":
        return replace(spec, conv3d=Conv3dSpec(filters=2) if size == "tiny" else Conv3dSpec())
    return spec


# Latents of each spectral component, after `initialise.latent_counts` on aligned training images.
STUDIO_COUNTS = (200, 92, 28, 12, 8, 12, 6, 4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0)
_BASE = {
    "studio": ArchitectureSpec(
        "", "studio", "vnir-128", 128, (48, 64, 96, 128, 144), 3, 3, 384, 3, 64, ContextSpec(8, 128, 40),
        bypass=BypassSpec(STUDIO_COUNTS), frame=FrameSpec(32, 8),
    ),
    "paper": ArchitectureSpec(
        "", "paper", "vnir-369", 369, (60, 120, 240, 480, 960), 7, 7, 220, 9, 320, ContextSpec(1, 8, 8)
    ),
    "tiny": ArchitectureSpec(
        "", "tiny", "tiny-16", 16, (8, 8, 12, 12, 16), 3, 3, 12, 1, 8, ContextSpec(3, 8, 4),
        bypass=BypassSpec((3, 2, 1, 0)), frame=FrameSpec(6, 3),
    ),
}
