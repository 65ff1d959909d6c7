"""What is known of Python's standard library, from data that `tools.python_facts` writes.

The data holds what all Pythons from 3.10 to 3.13 agree on.
"""

from __future__ import annotations

import builtins
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import BuiltinFunctionType

DATA = Path(__file__).parent / "data" / "standard_library.json"


@dataclass(frozen=True)
class StandardLibrary:
    """Names of the standard library by what they are, as dotted names.

    Attributes:
        classes: its classes.
        modules: modules that are attributes of others: `os.path`.
        makers: what makes a class of a name and its contents: `collections.namedtuple`.
        never_pickled: classes and functions whose objects pickle refuses.
        pickled_by_name: the same, but for objects that a module has under their own name.
    """

    classes: frozenset[str]
    modules: frozenset[str]
    makers: frozenset[str]
    never_pickled: frozenset[str]
    pickled_by_name: frozenset[str]

    def is_class(self, qualified: str) -> bool:
        """Whether a dotted name is a class, a built-in one too."""
        owner, _, name = qualified.rpartition(".")
        if owner == "builtins":
            return isinstance(getattr(builtins, name, None), type)
        return qualified in self.classes

    def is_builtin_function(self, qualified: str) -> bool:
        """Whether a dotted name is one of the built-in functions, as `max`."""
        owner, _, name = qualified.rpartition(".")
        return owner == "builtins" and isinstance(
            getattr(builtins, name, None), BuiltinFunctionType
        )


@cache
def standard_library() -> StandardLibrary:
    """The standard library's names."""
    sections: dict[str, dict[str, str]] = json.loads(DATA.read_text(encoding="utf-8"))
    names = {
        section: frozenset(
            f"{module}.{name}" for module, lasts in by.items() for name in lasts.split()
        )
        for section, by in sections.items()
    }
    return StandardLibrary(
        names["classes"],
        names["modules"],
        names["makers"],
        names["never pickled"],
        names["pickled by name"],
    )
