"""The model of each file that was checked, for as long as its text is the same.

That follows from the text and from what reads it and from nothing else, so it holds in every run,
over whatever files, on whatever machine. What rules find in models is computed again.
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
from lint_rules.model.scope import Scope
from lint_rules.syntax.read import ParsedModule

_SIGNED = 32
"""The bytes of a signature, with which each file begins."""


class Models:
    """The models that are kept in a folder, for each file that was checked.

    Whatever is wrong with the folder or what lies in it, the file is read.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def find(self, path: Path, text: str) -> ParsedModule | None:
        """The model of a file with a text, `None` if none is kept."""
        try:
            content = self._folder.read(_name(path))
            kept = content[_SIGNED:]
            if content[:_SIGNED] == self._signature(text, kept):
                return ParsedModule(*_Unpickler(io.BytesIO(kept), path).load())
        except (OSError, pickle.UnpicklingError):
            pass
        return None

    def keep(self, path: Path, text: str, module: ParsedModule) -> None:
        """Keeps the model of a file, if the folder can be written."""
        with contextlib.suppress(OSError, RecursionError):
            written = io.BytesIO()
            pickler = pickle.Pickler(written, protocol=5)
            pickler.dispatch_table = {type(path): lambda _: (_current_file, ())}
            pickler.dump(tuple(module))
            kept = written.getvalue()
            self._folder.write(_name(path), self._signature(text, kept) + kept)

    def _signature(self, text: str, kept: bytes) -> bytes:
        """What only somebody with the key can say of a model: that it is that of a text.

        Raises:
            OSError: there is no key, or the code that reads models is not known.
        """
        if self._key is None:
            raise FileNotFoundError("key")
        signature = hashlib.blake2b(key=self._key, digest_size=_SIGNED)
        for part in (text.encode("utf-8", "surrogatepass"), kept):
            signature.update(b"%d:" % len(part) + part)
        return signature.digest()

    @cached_property
    def _key(self) -> bytes | None:
        """The folder's key, another one for each way to read; `None` if there is none."""
        try:
            return hashlib.blake2b(_reader(), key=self._folder.key()).digest()
        except OSError:
            return None


def _name(path: Path) -> str:
    return f"{hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()}.model"


def _reader() -> bytes:
    """All that decides what is read of a text: this Python, libcst's version, the code for it.

    Raises:
        OSError: the code cannot be read.
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


def _current_file() -> Path:
    """Stands in a pickle for the path of the file, which each node has.

    Raises:
        LookupError: always; reading the pickle gives the path.
    """
    raise LookupError("the path is not known here")


class _Unpickler(pickle.Unpickler):
    """Makes what models are made of, and nothing else: no pickle runs anything here."""

    def __init__(self, content: io.BytesIO, file: Path) -> None:
        super().__init__(content)
        self._file = file

    def find_class(self, module: str, name: str) -> Any:
        """One of the classes of models, or `...`.

        Raises:
            UnpicklingError: it is none of them.
        """
        if name == _current_file.__name__ and module == __name__:
            return lambda: self._file
        if (module, name) == ("builtins", "Ellipsis"):
            return ...
        known = _CLASSES.get(name)
        if known is None or known.__module__ != module:
            raise pickle.UnpicklingError(f"no model holds a {module}.{name}")
        return known


_CLASSES: dict[str, type] = {
    kind.__name__: kind for kind in (*vars(code).values(), Scope) if isinstance(kind, type)
}
