"""SSIM with a Gaussian window (Wang et al. 2004), as `src/core/metrics/ssim.ts`."""

import torch
import torch.nn.functional as F

SIZE, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2


def ssim(a, b):
    """Mean SSIM [n, c] of images [n, c, h, w], peak 1; windows wholly inside the image."""
    x = torch.arange(SIZE, device=a.device, dtype=a.dtype) - SIZE // 2
    window = torch.exp(-(x**2) / (2 * SIGMA**2))
    window = window / window.sum()

    def blur(image):
        flat = image.flatten(0, 1)[:, None]
        flat = F.conv2d(F.conv2d(flat, window.view(1, 1, -1, 1)), window.view(1, 1, 1, -1))
        return flat.view(*image.shape[:2], *flat.shape[2:])

    mean_a, mean_b = blur(a), blur(b)
    var_a, var_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
    covariance = blur(a * b) - mean_a * mean_b
    score = (2 * mean_a * mean_b + C1) * (2 * covariance + C2)
    return (score / ((mean_a**2 + mean_b**2 + C1) * (var_a + var_b + C2))).mean((2, 3))
