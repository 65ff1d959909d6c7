"""What was read of each file, for as long as the text is the same: its model, and where those
things stand that were asked for.

That follows from the text and from what reads it and from nothing else, so it holds in every run,
over whatever files, on whatever machine. What rules say of models is found anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import sys
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lint_rules
from lint_rules.engine.cache.folder import Folder
from lint_rules.model import code
from lint_rules.model.code import Place
from lint_rules.model.scope import Scope

_SIGNED = 32
"""The bytes of a signature, with which each file begins."""


class Models:
    """The models that are kept in a folder, with answers, for each file that was read.

    Whatever is wrong with the folder or what lies in it, the file is read.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def find(self, what: str, path: Path, text: str, first: Place) -> Any:
        """What is kept of a text, `None` where nothing is.

        Args:
            what: its `model` or `answers`.
            path: the file.
            text: what stands in it now.
            first: its first place.
        """
        try:
            content = self._folder.read(_name(what, path))
            kept = content[_SIGNED:]
            if content[:_SIGNED] == self._signature(what, text, first, kept):
                return _Unpickler(io.BytesIO(kept)).load()
        except (OSError, pickle.UnpicklingError):
            pass
        return None

    def keep(self, what: str, path: Path, text: str, first: Place, thing: object) -> None:
        """Keeps something of a text, where the folder can be written."""
        with contextlib.suppress(OSError, RecursionError):
            kept = pickle.dumps(thing, protocol=5)
            signature = self._signature(what, text, first, kept)
            self._folder.write(_name(what, path), signature + kept)

    def _signature(self, what: str, text: str, first: Place, kept: bytes) -> bytes:
        """What only somebody with the key can say of something: that it is that of a text.

        Raises:
            OSError: there is no key, or what reads models cannot be told.
        """
        if self._key is None:
            raise FileNotFoundError("key")
        signature = hashlib.blake2b(key=self._key, digest_size=_SIGNED)
        read = text.encode("utf-8", "surrogatepass")
        for part in (what.encode(), b"%d" % first, read, kept):
            signature.update(b"%d:" % len(part) + part)
        return signature.digest()

    @cached_property
    def _key(self) -> bytes | None:
        """The folder's key, another one for each way to read; `None` where there is none."""
        try:
            return hashlib.blake2b(_reader(), key=self._folder.key()).digest()
        except OSError:
            return None


def _name(what: str, path: Path) -> str:
    return f"{hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()}.{what}"


def _reader() -> bytes:
    """All that decides what is read of a text: this Python, libcst's version, the code for it.

    Raises:
        OSError: it cannot be told.
    """
    here = Path(lint_rules.__file__).parent
    libcst = find_spec("libcst")
    if libcst is None or libcst.origin is None:
        raise FileNotFoundError("libcst")
    files = [*here.glob("syntax/*.py"), *here.glob("model/code/*.py"), here / "model/scope.py"]
    read = (
        file.read_bytes() for file in [*sorted(files), Path(libcst.origin).with_name("_version.py")]
    )
    return b"\0".join([sys.version.encode(), *read])


class _Unpickler(pickle.Unpickler):
    """Makes what models are made of, and nothing else: no pickle runs anything here."""

    def find_class(self, module: str, name: str) -> type:
        """One of the classes of models.

        Raises:
            UnpicklingError: it is none of them.
        """
        known = _CLASSES.get(name)
        if known is None or known.__module__ != module:
            raise pickle.UnpicklingError(f"no model holds a {module}.{name}")
        return known


_CLASSES: dict[str, type] = {
    kind.__name__: kind for kind in (*vars(code).values(), Scope) if isinstance(kind, type)
}
