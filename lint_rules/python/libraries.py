"""What functions and methods of libraries return, from data that `tools.library_facts` writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "libraries.json"


@dataclass(frozen=True)
class LibraryFacts:
    """What libraries say of themselves.

    Types are dotted names. Several, separated by commas, are the parts of a tuple; `?` is unknown.

    Attributes:
        functions: what functions return, by their dotted names.
        methods: what methods return and what properties are, by class and name.
        elementwise: the functions of numpy that give the like of their first argument.
    """

    functions: dict[str, str]
    methods: dict[str, dict[str, str]]
    elementwise: frozenset[str]


@cache
def library_facts() -> LibraryFacts:
    """What is known of libraries."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    functions = {
        f"{module}.{name}": made
        for module, given in data["functions"].items()
        for made, names in given.items()
        for name in names.split()
    }
    methods = {
        owner: {name: made for made, names in given.items() for name in names.split()}
        for owner, given in data["methods"].items()
    }
    elementwise = frozenset(f"numpy.{name}" for name in data["elementwise"].split())
    return LibraryFacts(functions, methods, elementwise)
