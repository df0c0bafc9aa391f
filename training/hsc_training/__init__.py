"""Training, export and evaluation of the HiFiC networks for hyperspectral images."""
