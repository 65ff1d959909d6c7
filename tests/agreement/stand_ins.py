"""Stand-ins for packages that are not installed: they accept anything."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import inspect
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

import metaflow

unknown_bases: list[str] = []
"""The stand-ins from which classes derive: what these classes are is not known."""

decorated: set[str] = set()
"""The functions and classes under a stand-in's decorator, which may make anything of them."""


class StandIn:
    """An object with which a file may do anything while it is loaded.

    As a decorator it leaves what it decorates as it is, and as a base it adds nothing.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name.rpartition(".")[2]
        self.__module__ = name.rpartition(".")[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__module__}.{self.__name__}.{name}")

    def __call__(self, *given: Any, **named: Any) -> Any:
        if len(given) == 1 and not named and (inspect.isfunction(given[0]) or _is_class(given[0])):
            decorated.add(given[0].__qualname__)
            return given[0]
        return StandIn(f"{self.__module__}.{self.__name__}()")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        unknown_bases.append(self.__name__)
        return ()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 0

    def __getitem__(self, _: object) -> Any:
        return self

    def __setitem__(self, _: object, __: object) -> None:
        return None

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def _anything(self, *_: object) -> Any:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = (
        _anything
    )
    __floordiv__ = __mod__ = __pow__ = __or__ = __ror__ = __and__ = __rand__ = _anything
    __matmul__ = __neg__ = __lt__ = __gt__ = __le__ = __ge__ = _anything


def _is_class(value: object) -> bool:
    return isinstance(value, type)


class _Module(types.ModuleType):
    """A module with any name in it."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nothing else does: packages that are not installed, with all their modules.

    Only for the files of a repository: Metaflow itself does without what is not installed.
    """

    def __init__(self, root: str) -> None:
        self._root = root

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not _imports(self._root):
            return None
        head = name.partition(".")[0]
        known = sys.modules.get(head)
        if head in sys.stdlib_module_names or (path and not isinstance(known, _Module)):
            # A module that the repository or the standard library lacks is missing for everybody.
            return None if head != "metaflow" else self._spec(name)
        return self._spec(name)

    def _spec(self, name: str) -> importlib.machinery.ModuleSpec:
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def install(root: str) -> None:
    """Let every import of a repository's files succeed from now on.

    What Metaflow lacks may be an extension's, and has a stand-in, too.
    """

    def of_extension(name: str) -> Any:
        if name.startswith("__") or not _imports(root):
            raise AttributeError(name)
        return StandIn(f"metaflow.{name}")

    sys.meta_path.append(_Finder(root))
    metaflow.__getattr__ = of_extension  # type: ignore[method-assign]


def _imports(root: str) -> bool:
    """Whether it is a repository's file that imports something now."""
    frame = inspect.currentframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if "importlib" not in file and file != __file__:
            return file.startswith(root)
        frame = frame.f_back
    return False
