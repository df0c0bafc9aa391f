"""Times the networks of a weights file in PyTorch on two threads and on one; prints one JSON object.

The folder holds what the browser's networks had and gave, float32: `image` [96, 96, bands] in
0..1, its `latents` [6, 6, channels] and `reconstruction`; differences from them are printed too,
relative to the largest magnitude.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

from hsc_training.exported import ExportedModel  # noqa: E402

THREADS = (2, 1)


def read(path, channels):
    values = np.fromfile(path, dtype=np.float32)
    side = round((len(values) / channels) ** 0.5)
    return torch.from_numpy(values.reshape(1, side, side, channels)).permute(0, 3, 1, 2).contiguous()


def timed(function, runs, warm_up):
    times = []
    for _ in range(warm_up + runs):
        start = time.perf_counter()
        result = function()
        times.append((time.perf_counter() - start) * 1000)
    return median(times[warm_up:]), result


def difference(values, expected):
    return float((values - expected).abs().max() / expected.abs().max())


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser(description="Time E and G of a weights file in PyTorch.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--position", type=float, required=True)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--warm-up", type=int, default=3)
    arguments = parser.parse_args()
    codec = ExportedModel(arguments.weights.read_bytes()).codec
    image = read(arguments.folder / "image", codec.spec.bands)
    latents = read(arguments.folder / "latents", codec.spec.latent_channels)
    reconstruction = read(arguments.folder / "reconstruction", codec.spec.bands)

    position = torch.tensor([arguments.position])

    def analyse():
        y = codec.analyse(codec.standardise(image))
        codec.hyper_encode(y)
        return y

    def synthesise():
        image = codec.synthesise(latents, position)
        return image * codec.spec.input.std + codec.spec.input.mean

    analysis, synthesis = {}, {}
    for threads in THREADS:
        torch.set_num_threads(threads)
        analysis[threads], y = timed(analyse, arguments.runs, arguments.warm_up)
        synthesis[threads], x_hat = timed(synthesise, arguments.runs, arguments.warm_up)
    result = {
        "analysisMs": [analysis[threads] for threads in THREADS],
        "synthesisMs": [synthesis[threads] for threads in THREADS],
        "latentsDifference": difference(y, latents),
        "reconstructionDifference": difference(x_hat, reconstruction),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
