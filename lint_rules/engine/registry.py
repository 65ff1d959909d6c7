"""All rules there are: the project's own, those of other packages, and those of a repository."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from lint_rules import rules
from lint_rules.errors import CannotRun
from lint_rules.rules.base import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "metaflow_lint.rules"
"""The group in which packages name modules with rules, or rules."""

BASE = "`lint_rules.api.Rule`"

_CODE = re.compile(r"[A-Z]+[0-9]+")


class RuleLoadError(CannotRun):
    """A rule that cannot be loaded; the message names it and says why."""


@cache
def own_rules() -> tuple[type[Rule], ...]:
    """The rules of the package `lint_rules.rules`, by code: every module there is looked at."""
    found = [
        r for name in rules.modules() for r in _in_module(import_module(f"{rules.__name__}.{name}"))
    ]
    return _by_code(found)


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """The rules of this package and of others that name theirs in the group `ENTRY_POINTS`.

    Raises:
        RuleLoadError: an entry point cannot be loaded, holds no rule, or a rule is unusable.
    """
    found = list(own_rules())
    for point in _named_by_others():
        where = f"the entry point `{point.name} = {point.value}` in `{ENTRY_POINTS}`"
        try:
            loaded = point.load()
        except Exception as error:
            raise RuleLoadError(f"{where} cannot be loaded: {_told(error)}") from error
        given = [loaded] if isinstance(loaded, type) else _in_module(loaded)
        found += _usable(given, where)
    return _by_code(found)


def _named_by_others() -> Iterable[EntryPoint]:
    """The entry points of the group `ENTRY_POINTS`."""
    # Hardly anybody has any, and `importlib.metadata` takes longer to import than a flow to check.
    if not _may_be_named():
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=ENTRY_POINTS)


def _may_be_named() -> bool:
    """Whether the metadata of an installed package say `ENTRY_POINTS`, or cannot be looked into."""
    if sum(hasattr(finder, "find_distributions") for finder in sys.meta_path) > 1:
        return True
    try:
        return any(ENTRY_POINTS.encode() in said for path in sys.path for said in _metadata(path))
    except OSError:
        return True


def _metadata(path: str) -> Iterator[bytes]:
    """What the packages in a folder of `sys.path` say of their entry points.

    Raises:
        OSError: it is no folder but an archive, or something cannot be read.
    """
    folder = Path(path)
    for place in folder.iterdir() if folder.exists() else ():
        if place.suffix in (".dist-info", ".egg-info"):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                yield (place / "entry_points.txt").read_bytes()


@cache
def local_rules(paths: tuple[Path, ...]) -> tuple[type[Rule], ...]:
    """The rules in files, and in the files of folders, of somebody's repository.

    Raises:
        RuleLoadError: a file cannot be imported, holds no rule, or a rule is unusable.
    """
    found: list[type[Rule]] = []
    for path in paths:
        if not path.exists():
            raise RuleLoadError(f"`local-rules` names {path}, which does not exist")
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            # A folder of rules holds their tests too.
            if not (path.is_dir() and file.name.startswith(("test_", "conftest", "_"))):
                found += _usable(_in_module(_imported(file)), f"the local rule {file}")
    return _by_code(found)


def _imported(file: Path) -> ModuleType:
    name = f"metaflow_lint_local_{file.stem}_{abs(hash(file))}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise RuleLoadError(f"the local rule {file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise RuleLoadError(f"the local rule {file} cannot be loaded: {_told(error)}") from error
    return module


def _in_module(module: object) -> list[type[Rule]]:
    """The rules that a module defines itself."""
    name = getattr(module, "__name__", None)
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Rule)
        and value is not Rule
        and value.__module__ == name
    ]


def _usable(given: list[type[Rule]], where: str) -> list[type[Rule]]:
    """The rules given, where they are ones.

    Raises:
        RuleLoadError: what is given is no rule, or a rule has no code, name or subject.
    """
    if not given:
        raise RuleLoadError(
            f"{where} holds no rule: a class that derives from `lint_rules.api.Rule`"
        )
    for rule in given:
        if not (isinstance(rule, type) and issubclass(rule, Rule)):
            raise RuleLoadError(
                f"{where} is no rule: it does not derive from `lint_rules.api.Rule`"
            )
        code = getattr(rule, "code", None)
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise RuleLoadError(f"{where}: {rule.__name__} needs a `code` such as `TEAM001`")
        if code.startswith("MF") and rule not in own_rules():
            raise RuleLoadError(
                f"{where}: {rule.__name__} has the code {code}, and `MF` is taken: use another one"
            )
        if not isinstance(getattr(rule, "name", None), str):
            raise RuleLoadError(f"{where}: {rule.__name__} needs a `name` such as `no-weekends`")
        try:
            rule.subject()
        except Exception as error:
            raise RuleLoadError(f"{where}: {rule.__name__}: {_told(error)}") from error
    return given


def _by_code(given: Iterable[type[Rule]]) -> tuple[type[Rule], ...]:
    found: dict[str, type[Rule]] = {}
    for rule in given:
        if found.setdefault(rule.code, rule) is not rule:
            raise RuleLoadError(
                f"two rules have the code {rule.code}: {_origin(found[rule.code])} "
                f"and {_origin(rule)}"
            )
    return tuple(found[code] for code in sorted(found))


def _origin(rule: type[Rule]) -> str:
    module = sys.modules.get(rule.__module__)
    return f"{rule.__name__} in {getattr(module, '__file__', rule.__module__)}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
