"""The data of `lint_rules.metaflow` are what the Metaflow that is installed says."""

import importlib.metadata
import os

import pytest

from tools.metaflow_facts.compare import comparable
from tools.metaflow_facts.files import facts_of
from tools.metaflow_facts.read import QUICK, SECTIONS, read_installed

INSTALLED = importlib.metadata.version("metaflow")


@pytest.fixture(scope="module")
def read():
    """What is read now: in a few seconds, or all of it in some minutes with `make facts-check`."""
    return read_installed(sections=SECTIONS if os.environ.get("ALL_FACTS") else QUICK)


def test_the_installed_version_is_the_newest_of_each_section():
    from lint_rules.metaflow.reader import section

    read = section("versions")["read"]
    assert {name: versions[-1] for name, versions in read.items()} == dict.fromkeys(
        SECTIONS, INSTALLED
    )


@pytest.mark.process
def test_the_data_are_what_metaflow_says(read):
    assert read.pop("version") == INSTALLED
    assert len(read) >= len(QUICK)
    for section, facts in read.items():
        known = comparable(facts_of(INSTALLED, section))
        assert comparable(facts) == known, f"{section} is not up to date: run `make facts`"
