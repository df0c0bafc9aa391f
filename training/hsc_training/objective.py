"""Loss of all rates at once: weight * (lambda * bpp + squared error per pixel) at random positions."""

import torch

# Between 0 (low rates, with their large errors, take all the gradient) and 1 (weighted by rate).
WEIGHT_POWER = 0.75
# Weight of the l1 norm that keeps attention sparse (Byju et al., Section III-B).
ATTENTION_L1 = 1e-6


def random_positions(count, targets, device="cpu"):
    """Rate positions [count], uniform over 0 ... targets - 1; the same on every device."""
    return (torch.rand(count) * (targets - 1)).to(device)


def lambdas_at(lambdas, position):
    """Lagrange multipliers at rate positions [n], log-linear between those given."""
    logs = torch.tensor(lambdas, device=position.device).log()
    low = position.floor().clamp(0, max(len(logs) - 2, 0)).long()
    high = (low + 1).clamp(max=len(logs) - 1)
    return (logs[low] + (position - low) * (logs[high] - logs[low])).exp()


def loss(lambdas, bpp, distortion):
    """Scalar loss of samples [n]; distortion: squared error a pixel, summed over bands, standardised."""
    return ((lambdas * bpp + distortion) * lambdas**-WEIGHT_POWER).mean()


def attention_penalty(codec):
    """Weighted l1 norm of all SE layers' weights."""
    return ATTENTION_L1 * sum(w.abs().sum() for w in codec.attention_weights())
