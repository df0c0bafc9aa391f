"""Fixed KLT bases: statistics, weights, components."""

import unittest

from . import needs_torch

needs_torch.require()

import numpy as np

from hsc_training.klt import pooled, scaled_components, statistics


class KltTest(unittest.TestCase):
    def setUp(self):
        self.random = np.random.default_rng(3)

    def test_statistics_are_those_of_the_pixels(self):
        image = self.random.normal(size=(5, 20, 30))
        mean, covariance = statistics(image)
        np.testing.assert_allclose(mean, image.mean((1, 2)))
        np.testing.assert_allclose(covariance, np.cov(image.reshape(5, -1), bias=True), atol=1e-12)

    def test_pooling_counts_the_means_by_their_share(self):
        a, b = np.zeros((2, 2)), np.eye(2)
        scenes = [(np.array([0.0, 0.0]), a), (np.array([2.0, 0.0]), b)]
        mean, covariance = pooled(scenes, [1, 3], means_share=0.5)
        np.testing.assert_allclose(mean, [1.5, 0.0])
        # Within: 3/4 of b. Of the means: variance 1/4 · 1.5² + 3/4 · 0.5² = 0.75, half of it.
        np.testing.assert_allclose(covariance, [[0.75 + 0.375, 0], [0, 0.75]])

    def test_components_give_back_the_covariance(self):
        root = self.random.normal(size=(6, 6))
        covariance = root @ root.T
        scaled = scaled_components(covariance, 6)
        np.testing.assert_allclose(scaled.T @ scaled, covariance, atol=1e-10)
        norms = (scaled**2).sum(1)
        self.assertTrue((np.diff(norms) <= 0).all())
        np.testing.assert_allclose(scaled @ scaled.T, np.diag(norms), atol=1e-9)


if __name__ == "__main__":
    unittest.main()
