"""Skips a test module, saying so on stderr, where PyTorch is not installed."""

import importlib.util
import sys
import unittest


def require():
    """Raises SkipTest unless the packages of requirements.txt can be imported."""
    missing = [name for name in ("torch", "numpy", "PIL") if importlib.util.find_spec(name) is None]
    if missing:
        message = f"skipped: {', '.join(missing)} not installed (pip install -r training/requirements.txt)"
        print(message, file=sys.stderr)
        raise unittest.SkipTest(message)


def require_data():
    """The shared data folder; raises SkipTest, saying so, where it is absent."""
    from hsc_training.data import data_folder

    folder = data_folder()
    if folder is None:
        message = "skipped: no shared data at ../shared/data and no HSI_DATA"
        print(message, file=sys.stderr)
        raise unittest.SkipTest(message)
    return folder
