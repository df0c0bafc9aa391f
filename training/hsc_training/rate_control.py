"""Loss of several target rates at once, and the rule that steers each rate to its target.

loss = weight_t * (lambda_t * bpp + squared error per pixel). After a free start, log lambda_t moves
by 0.004 times the relative rate error (at most 1) of every sample of target t in a batch of 8 (larger batches
move it as far). A smooth form of the paper's equation 5, which switches between two fixed lambdas.
"""

import math

import torch

from .initialise import STEPS

FREE_STEPS = 300
SPEED, BATCH = 0.004, 8
LARGEST_ERROR = 1.0
# Between 0 (low rates, with their large errors, take all the gradient) and 1 (weighted by rate).
WEIGHT_POWER = 0.75


class RateControl:
    """`log_lambda` [targets]; errors are squared, in standardised units, summed over bands."""

    def __init__(self, target_rates):
        self.target_rates = torch.tensor(target_rates)
        # High-rate theory: D = step^2 / 12 per coefficient, so -dD/dR = 2 ln 2 * D.
        self.log_lambda = torch.tensor([math.log(2 * math.log(2) * s * s / 12) for s in STEPS])
        self.steps = 0

    def loss(self, bpp, distortion, target):
        """Scalar loss of samples with rates and distortions [n] at target indices [n]."""
        lambdas = self.log_lambda.exp()[target]
        return ((lambdas * bpp + distortion) * lambdas**-WEIGHT_POWER).mean()

    def update(self, bpp, target):
        """Counts one step and moves the lambdas by its rates."""
        self.steps += 1
        if self.steps > FREE_STEPS:
            error = (bpp / self.target_rates[target] - 1).clamp(max=LARGEST_ERROR)
            self.log_lambda.index_add_(0, target, SPEED * BATCH / len(target) * error)

    def state(self):
        return {"log_lambda": self.log_lambda, "steps": self.steps}

    def load(self, state):
        self.log_lambda.copy_(state["log_lambda"])
        self.steps = state["steps"]
