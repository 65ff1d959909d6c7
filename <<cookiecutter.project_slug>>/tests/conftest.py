"""Gives the tests a separate Metaflow, so that they do not read or change the developer's runs."""

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

_root = tempfile.TemporaryDirectory()

# In test mode, flows write to temporary folders. These are then in this folder, and are removed with it.
tempfile.tempdir = _root.name

# Metaflow reads its settings once, when it is imported. So set them before any test imports it.
os.environ.update(
    TMPDIR=_root.name,
    METAFLOW_DEFAULT_DATASTORE="local",
    METAFLOW_DEFAULT_METADATA="local",
    METAFLOW_DATASTORE_SYSROOT_LOCAL=_root.name,
    METAFLOW_USER="tester",
    TABLES_ROOT="",
)

FLOWS = Path(__file__).parent.parent / "flows"


@pytest.fixture(scope="session")
def run_in_test_mode() -> Callable:
    """Runs the flow in `flows/NAME` in test mode with Metaflow's `Runner`, once for all tests, and returns the run."""
    return cache(_run_in_test_mode)


def _run_in_test_mode(name: str):
    from metaflow import Runner

    # Metaflow writes cards to the current folder, and reads them from the datastore's.
    with Runner(str(FLOWS / name / "flow.py"), show_output=False, cwd=_root.name) as runner:
        result = runner.run(test_mode=True)
        assert result.status == "successful", result.stderr
        return result.run  # type: ignore[attr-defined]
<%- if cookiecutter.example_flows %>


@pytest.fixture(scope="session")
def measurements_run(run_in_test_mode):
    """A run of the flow PenguinMeasurements."""
    return run_in_test_mode("penguin_measurements")


@pytest.fixture(scope="session")
def classifier_run(run_in_test_mode, measurements_run):
    """A run of the flow PenguinSpeciesClassifier, on the measurements of the other run."""
    return run_in_test_mode("penguin_species_classifier")
<%- endif %>
