"""What is known of distributions: what they let code import, and what they bring along.

The data holds what `tools.distribution_facts` read, and what older releases and Conda's recipes
require. So a distribution may bring less than the data says, but not more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "distributions.json"

IN_EACH_ENVIRONMENT = ("requests",)
"""What Metaflow adds to each environment of its own, and what that brings along is there, too."""


def normalized(name: str) -> str:
    """A distribution's name as package indexes compare it: `scikit-learn` of `Scikit_Learn`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distribution_of(module: str) -> str | None:
    """The distribution that a top-level module comes from, `None` if it is not known."""
    return _by_import().get(module)


def is_known(distribution: str) -> bool:
    """Whether all is known that a distribution, by its normalized name, can bring along."""
    return distribution in _distributions()


def brought_by(distributions: Iterable[str]) -> frozenset[str]:
    """Distributions, by their normalized names, with all that they can bring along."""
    known = _distributions()
    found: set[str] = set()
    waiting = [*distributions, *IN_EACH_ENVIRONMENT]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += known[name]["requires"].split() if name in known else ()
    return frozenset(found)


@cache
def _distributions() -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = json.loads(DATA.read_text(encoding="utf-8"))
    return known


@cache
def _by_import() -> dict[str, str]:
    known = _distributions().items()
    return {module: name for name, of in known for module in of["imports"].split()}
