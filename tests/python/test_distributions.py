"""The data on distributions agrees with those that are installed here."""

import importlib.metadata
import json
import re

import pytest

from lint_rules.python.distributions import (
    DATA,
    brought_by,
    distribution_of,
    is_known,
    normalized,
)

KNOWN = json.loads(DATA.read_text(encoding="utf-8"))
INSTALLED = {normalized(d.metadata["Name"]): d for d in importlib.metadata.distributions()}


@pytest.mark.parametrize("name", sorted(KNOWN.keys() & INSTALLED.keys()))
def test_an_installed_distribution_requires_no_more(name):
    stated = [text for text in INSTALLED[name].requires or () if "extra ==" not in text]
    required = {normalized(re.match(r"[\w.-]+", text).group()) for text in stated}
    assert required <= brought_by([name])


def test_installed_modules_come_from_their_distributions():
    installed = importlib.metadata.packages_distributions()
    modules = {module: of for of in KNOWN for module in KNOWN[of]["imports"].split()}
    found = {module: of for module, of in modules.items() if module in installed}
    assert len(found) > 3
    for module, of in found.items():
        assert [normalized(name) for name in installed[module]] == [of]


def test_what_is_brought_is_brought_by_all_ways():
    assert {"numpy", "pandas", "six"} <= brought_by(["seaborn"])
    assert "pandas" not in brought_by(["numpy", "scipy"])
    assert "requests" in brought_by([])


def test_what_is_not_known_is_not_known():
    assert distribution_of("sklearn") == "scikit-learn"
    assert distribution_of("something_else") is None
    assert not is_known("something-else")
