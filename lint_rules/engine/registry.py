"""All rules there are: the project's own, those of other packages, and those of a repository."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from lint_rules import rules
from lint_rules.errors import CannotRun
from lint_rules.rules.base import Rule
from lint_rules.rules.removed import REMOVED
from lint_rules.settings.groups import Group
from lint_rules.settings.renewal import renamed
from lint_rules.settings.status import Status
from lint_rules.workspace.file_system import FileSystem, is_named_folder, is_there
from lint_rules.workspace.recording import digest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "metaflow_lint.rules"
"""The group in which packages name modules with rules, or rules."""

LOCAL = "metaflow_lint_local_"
"""How the names of modules begin that hold rules of a repository's own."""

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
        return any(
            ENTRY_POINTS.encode() in metadata for path in sys.path for metadata in _metadata(path)
        )
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


def local_rules(paths: tuple[Path, ...]) -> tuple[type[Rule], ...]:
    """The rules in files, and in the files of folders, of somebody's repository, as they are now.

    Raises:
        RuleLoadError: a file cannot be imported, holds no rule, or a rule is unusable.
    """
    return _in_files(tuple(one for path in paths for one in _contents(path)))


def _contents(path: Path) -> Iterator[tuple[Path, bytes]]:
    """The files with rules at a path, and their bytes."""
    if is_named_folder(path):
        # A folder of rules holds their tests too.
        passed_over = ("test_", "conftest", "_")
        files = FileSystem(path)
        found = [f for f in files.python_files(path) if not f.name.startswith(passed_over)]
    elif is_there(path):
        files, found = FileSystem(path.parent), [path]
    else:
        raise RuleLoadError(f"`local-rules` names {path}, which does not exist")
    for file in sorted(found):
        try:
            yield file, files.read(file)
        except OSError as error:
            reason = f"the local rule {file} cannot be read: {error.strerror}"
            raise RuleLoadError(reason) from error


@cache
def _in_files(files: tuple[tuple[Path, bytes], ...]) -> tuple[type[Rule], ...]:
    found: list[type[Rule]] = []
    for file, content in files:
        found += _usable(_in_module(_imported(file, content)), f"the local rule {file}")
    return _by_code(found)


class _Loader(SourceFileLoader):
    """Runs the bytes of a file that were read, whatever it holds by now."""

    def __init__(self, name: str, path: str, content: bytes) -> None:
        super().__init__(name, path)
        self._content = content

    def get_data(self, path: str) -> bytes:
        return self._content

    def path_stats(self, path: str) -> NoReturn:
        raise OSError("nothing that was compiled before is used")


def _imported(file: Path, content: bytes) -> ModuleType:
    # Rules that change are other modules, also for the cache.
    name = f"{LOCAL}{file.stem}_{digest(os.fsencode(file) + content)}"
    loader = _Loader(name, str(file), content)
    spec = importlib.util.spec_from_loader(name, loader)
    if spec is None:
        raise RuleLoadError(f"the local rule {file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
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
        if not isinstance(rule.group, Group):
            raise RuleLoadError(
                f"{where}: the `group` of {rule.__name__} must be one of "
                f"{', '.join(f'`{group}`' for group in Group)}, from `lint_rules.api`"
            )
        _check_life(rule, f"{where}: {rule.__name__}")
        try:
            rule.subject()
        except Exception as error:
            raise RuleLoadError(f"{where}: {rule.__name__}: {_told(error)}") from error
    return given


def _check_life(rule: type[Rule], who: str) -> None:
    """Raises `RuleLoadError` if a rule's status or its former codes are none."""
    if not isinstance(rule.status, Status):
        raise RuleLoadError(
            f"{who}: `status` must be one of {', '.join(f'`{status}`' for status in Status)}, "
            "from `lint_rules.api`"
        )
    if rule.status is Status.DEPRECATED and not rule.instead:
        raise RuleLoadError(f"{who} is deprecated and needs `instead`, a sentence on what to do")
    for code in rule.former_codes:
        if not _CODE.fullmatch(code) or (code.startswith("MF") and rule not in own_rules()):
            raise RuleLoadError(f"{who} cannot have had the code {code}")


def _by_code(given: Iterable[type[Rule]]) -> tuple[type[Rule], ...]:
    found: dict[str, type[Rule]] = {}
    for rule in given:
        if found.setdefault(rule.code, rule) is not rule:
            raise RuleLoadError(
                f"two rules have the code {rule.code}: {_origin(found[rule.code])} "
                f"and {_origin(rule)}"
            )
    for former, code in renamed(found.values()).items():
        if former in found or former in REMOVED:
            raise RuleLoadError(f"{_origin(found[code])} had the code {former}, which is taken")
    return tuple(found[code] for code in sorted(found))


def _origin(rule: type[Rule]) -> str:
    module = sys.modules.get(rule.__module__)
    return f"{rule.__name__} in {getattr(module, '__file__', rule.__module__)}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
